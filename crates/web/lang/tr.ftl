# Sayfaların Türkçesi.

# The language itself
language-name = Türkçe
language-direction = ltr
language-complete = no

# Times, and how far off they are
date = { $day } { $month } { $year }
date-and-time = { $date }, { $time }
date-of-a-weekday = { $date } { $weekday }, { $time }
date-in-both = { $zone } saatiyle { $local } (UTC { $utc })
date-in-utc = { $date } UTC
month = { $month ->
        [1] Oca
        [2] Şub
        [3] Mar
        [4] Nis
        [5] May
        [6] Haz
        [7] Tem
        [8] Ağu
        [9] Eyl
        [10] Eki
        [11] Kas
        *[12] Ara
    }
weekday = { $weekday ->
        [1] Pazartesi
        [2] Salı
        [3] Çarşamba
        [4] Perşembe
        [5] Cuma
        [6] Cumartesi
        *[7] Pazar
    }
in-the-future = { $time } sonra
in-the-past = { $time } önce
now = şimdi
days = { $count } gün
hours = { $count } saat
minutes = { $count } dakika
seconds = { $count } saniye
milliseconds = { $count } ms

# Words of the protocol
status = { $status ->
        [co-owner] ortak sahip
        [founding] kurucu
        [invited] davetli
        [prospect] aday adayı
        [applicant] başvuran
        [suspended] askıda
        [left] ayrıldı
        [expelled] çıkarıldı
        [lapsed] üyeliği düştü
        *[other] { $stage }
    }
application-status = { $status ->
        [open] sürüyor
        [withdrawn] geri çekildi
        [rejected] reddedildi
        [admitted] kabul edildi
        [co-owner] ortak sahip
        *[other] { $status }
    }
state = { $state ->
        [open] oylamada
        [closing] sayılıyor
        [adopted] kabul edildi
        [rejected] reddedildi
        [inquorate] yeter sayı yok
        [unresolved] sonuçlanmadı
        [disputed] ihtilaflı
        [undecided] karara bağlanmadı
        [withdrawn] geri çekildi
        *[other] { $state }
    }
state-final = { $state }, kesin
body = { $body ->
        [committee] kurul
        [fallback] yedek liste
        [assembly] genel kurul
        *[other] { $body }
    }
role = { $role ->
        [representative] temsilci
        [panelist] panel üyesi
        *[other] { $role }
    }
recommendation = { $word ->
        [accept] kabul
        [reject] ret
        [more] ek bilgi
        *[other] { $word }
    }
continent = { $name ->
        [Africa] Afrika
        [Antarctica] Antarktika
        [Asia] Asya
        [Europe] Avrupa
        [North-America] Kuzey Amerika
        [Oceania] Okyanusya
        [South-America] Güney Amerika
        *[other] { $name }
    }
hub-unknown = burada bilinmeyen bir merkez
hub = Merkez
hubs = { $count } merkez
city = Şehir
country = Ülke
status-title = Durum
since = Başlangıç
sponsored-by = Kefili
when = Ne zaman
decision = Karar
count = Sayım
proof = Kanıtlayan
certificate = karar belgesi
key = Anahtar
record = Kayıt
show = Göster
all = tümü
state-title = Durum
question = Soru
voted = Oy veren
of-so-many = { $all } içinden { $count }

# Pieces of several pages
shall-it-reach = { $hub } şu aşamaya geçsin mi: { $stage }?
a-motion-of-the-kind = Türü { $kind } olan bir önerge
to-a-stage = { $hub }: { $stage } aşamasına
votes-yes = { $count } evet
votes-no = { $count } hayır
votes-abstain = { $count } çekimser
votes-recuse = { $count } oylamadan çekilen
votes-block = { $count } engelleyen
votes-absent = { $count } katılmayan
closes = oylama { $when } kapanıyor
closed-tellers-count = oylama { $when } kapandı, sayıcılar sayıyor
decided = { $when } karara bağlandı
not-decided = karara bağlanmadı
met-none-to-spare = tam sınırda karşılandı
met-to-spare = karşılandı, { $count } fazlasıyla
more-needed = { $count } tane daha gerekiyor

# The frame around every page
frame-skip = İçeriğe geç
frame-pages = Sayfalar
place-overview = Genel bakış
place-registry = Sicil
place-applications = Başvurular
place-motions = Önergeler
place-committee = Kurul
place-charter = Tüzük
place-people = Kişiler ve anahtarlar
place-peers = Eş düğümler ve eşitleme
place-records = Kayıtlar
place-evidence = Kanıtlar
place-begin = İlk adımlar
place-settings = Ayarlar
place-reference = API
frame-due-from-you = sizden bekleniyor
frame-seen-from = { $place } üzerinden görünüm
frame-this-node = bu düğüm
frame-registry = Sicil { $head }
frame-records = { $count } kayıt, { $missing ->
        [0] eksik yok
        *[other] { $missing } kayıt eksik
    }
frame-stale = Bir şey değişti: yeniden yükle
frame-down = Düğüm yanıt vermiyor
frame-down-last = Gördükleriniz onun son söyledikleridir.
frame-down-start = `cohub up` ile yeniden başlatın.
frame-does-not-answer = düğüm yanıt vermiyor
frame-nobody-heard = henüz kimseden haber alınmadı
frame-heard-now = az önce haber alındı
frame-heard-ago = en son { $time } önce haber alındı
frame-peers = { $all } eş düğümden { $connected } tanesi bağlı,
frame-comparing = , karşılaştırma sürüyor
not-here = Burada yok
not-here-back = Genel bakışa dön

# Overview
overview-title = { $hubs } merkez, tek ağ
overview-where = { $continents } kıtada { $countries } ülke.
overview-no-centre = Tek bir sahibi yok: aşağıdaki her satırı bir merkez imzaladı, hepsi saklıyor.
overview-not-constituted = Ağ henüz kurulmadı: her kurucunun ilk kaydı burada değil. O zamana kadar hiçbir karar alınamaz.
overview-first-steps = { $link }: { $all } adımdan { $done } tanesi tamam.
overview-where-we-are = Neredeyiz
overview-co-owner = ortak sahip
overview-on-its-way = yolda
overview-lines = çizgiler: kim kime kefil oldu
overview-as-table = Tablo olarak göster
overview-your-votes = { $count ->
        [0] Oylarınız
        [1] Oyunuz bekleniyor
        *[other] Sizden { $count } oy bekleniyor
    }
overview-no-votes = Oyunuzu bekleyen bir şey yok.
overview-with-the-key = { $key } anahtarıyla
overview-read-and-vote = Oku ve oy ver
overview-and-more = ve { $count } tane daha
overview-and-more-agenda = ve { $count } tane daha: `cohub agenda`
overview-waiting = Sizi bekleyenler
overview-nothing-waits = Sizden beklenen bir inceleme ya da imza yok.
overview-open-dossier = Dosyayı aç
overview-read-motion = Önergeyi oku
overview-read-record = Kaydı oku
overview-node = Bu düğüm
overview-healthy = { $tag } yanıt veriyor ve eş düğümlerinde ne varsa onda da var
overview-tag-healthy = sağlıklı
overview-tag-down = kapalı
overview-tag-attention = dikkat
overview-network = Ağ { $network }
overview-version = cohub { $version }, { $time } süredir açık
overview-table-caption = { $members } ortak sahip, { $others } merkez yolda
overview-lately = Son kararlar
overview-nothing-decided = Henüz karar alınmadı. Kurulda sandalyesi olan bir merkez `cohub motion open` ile önerge açar.
overview-tellers = { $all } sayıcıdan { $count } tanesi · { $certificate }
map-title = Merkezlerin dünya haritası
map-label = Merkezlerin dünya haritası; aşağıdaki tablo hepsini sıralar

# Registry
registry-invite = Bir merkezi davet et
registry-lead = Kim ağda, hangi aşamada. Her düğüm aynı kayıtlardan aynı sonucu hesaplar; özetler eşitse siciller de eşittir.
registry-as-it-was = { $day } gününün sonundaki hâliyle: o güne kadar alınan kararlar ve yazarlarının saatine göre o güne ait kayıtlar. { $link }
registry-as-it-is = Şimdiki hâli
registry-hubs-of = { $all } merkezden { $shown } tanesi
registry-none = Böyle bir merkez yok. Daha az ölçüt seçin.
registry-as-json = Sicilin tamamı, JSON olarak
registry-as-csv = Merkezler, CSV olarak
registry-continent = Kıta
registry-on = Şu gündeki hâli

# Hub
hub-since = { " " }· { $day } tarihinden beri
hub-profile = Profil
hub-short-name = Kısa ad
hub-place = Yer
hub-coordinates = Koordinatlar
hub-id = Kimlik
hub-manifesto = Bildirge
hub-signed-version = { $version }. sürümü imzaladı
hub-how-it-came-in = Ağa nasıl katıldı
hub-founder = Kuruculardan biri: kuruluş kaydında adı var.
hub-application-of = { $day } tarihli başvuru
hub-no-motion = Hakkında henüz önerge açılmadı.
hub-lineage = Soy ağacı
hub-sponsor = Kefili: { $hub }.
hub-no-sprouts = Henüz kimseye kefil olmadı.
hub-sprouts = Kefil oldukları:
hub-controller = denetleyen
hub-granted-by = { " " }yetkiyi veren kayıt: { $record }
hub-by-the-founding = { " " }kuruluş kaydıyla
hub-years = Yıllara göre
hub-no-years = Henüz hiçbir yılı bildirmedi: `cohub hub profile --year …`.
hub-year = Yıl
hub-members = Üyeler
hub-events = Etkinlikler
hub-ventures = Girişimler
hub-jobs = İşler
hub-chart = Yıllara göre üyeler; sayılar aşağıdaki tabloda
hub-nowhere = { $name } bu düğümün bildiği bir merkez değil.

# Motions
motions-lead = Ne soruluyor, kim ne oy veriyor, ne zaman karara bağlanıyor. Her oy imzalı ve açıktır.
motions-none = Böyle bir önerge yok. Kurulda sandalyesi olan bir merkez `cohub motion open` ile önerge açar.
motions-earlier = Bu listede önceki sayfa
motions-further = Bu listede sonraki sayfa

# Committee
committee-lead = { $term }. dönem, { $seats } sandalye. Her sandalye bir anahtarla oy verir, başka bir anahtarla sayar.
committee-generation = Bu kurul { $generation }. kuşaktandır.
committee-by-fallback = Yedek liste göreve getirdi: o kararın saydıkları geçerli kalır, hiçbir şey devredilmedi.
committee-takes = Gerekenler
committee-final = Bir sonuç, { $quorum } sayıcı aynısını bildirdiğinde kesinleşir.
committee-tolerates-none = Hiçbir sayıcı yalan söyleyemez ya da uzak duramaz: bu kurul bunu kaldıramayacak kadar küçük.
committee-tolerates = En çok { $count } sayıcı yalan söylese ya da uzak dursa da zarar olmaz.
committee-seats = Sandalyeler
committee-voting-key = Oy anahtarı
committee-tellers-key = Sayıcı anahtarı
committee-returned = Bildirdiği
committee-final-motions = { $all } kesin önergeden { $count } tanesi

# Evidence
evidence-lead = Günlüğünde aynı yere iki kayıt imzalayan bir anahtar ya birine yalan söylemiştir ya da kopyalanmıştır. İki kayıt bunu kanıtlar; hiçbiri bir sayımı değiştirmez.
evidence-forks = { $count } çatallanma
evidence-no-forks = Aynı yere iki kez imza attığı görülen kimse yok.
evidence-place = Yer
evidence-both = İki kayıt
evidence-fork-at = { $place }. yerde çatallanma
evidence-unknown = bilinmeyen bir şey
evidence-disputes = { $count } ihtilaflı karar
evidence-no-disputes = Birbiriyle çelişen iki karar yok.
evidence-slot = { $slot ->
        [application] başvuru
        [hub] merkez
        [keys] anahtarlar
        [committee] kurul
        [charter] tüzük
        [manifesto] bildirge
        [panel] panel
        [resolution] ilke kararı
        *[other] bilinmeyen bir şey
    }
evidence-stands = Geçerli olan: { $motion }.
evidence-none-stands = Bunların hiçbiri geçerli değil: önceki değer korunur.

# Before a network, before the login
before-looks-again = Düğüm çalışmaya başlayınca bu sayfa kendiliğinden yeniden bakar: `cohub up`.
before-title = Bu düğümün henüz ağı yok
before-lead = Bir ağa katılana kadar gösterecek bir şey yok.
before-terminal = Bir uçbirimde
before-invited = Davet mi edildiniz? `cohub network join INVITE` sizi davet edenin kapısını çalar.
before-founder = Bir ağ mı kuruyorsunuz? Her kurucu `cohub network card`, içinizden biri de `cohub network found` komutunu çalıştırır.
before-demo = Önce bir örnek mi görmek istiyorsunuz? `cohub demo` bu makinede bütün bir ağı gösterir.
nothing-title = Gösterecek bir şey yok
nothing-joined = Bu sayfaların arkasındaki düğüm henüz bir ağa katılmadı.
login-title = Giriş
login-lead = Bu sayfalar bir merkez adına işlem yapar. Onları sunan kişi `cohub ui --new-login` ile bir giriş anahtarı oluşturdu.
login-label = Giriş anahtarı
login-wrong = Bu giriş anahtarı hiçbir şeyi açmıyor. Yenisi için: `cohub ui --new-login`.

# The language in the settings
settings-language = Dil
settings-language-lead = Bu tarayıcıda, sayfaların dili.
settings-language-automatic = tarayıcının istediği
settings-language-in-part = { $language } (kısmen)
settings-language-save = Bu dili kullan

# Motion
motion-title = Önerge
motion-dossier = Dosya
motion-closes = oylama { $date } tarihinde, { $when } kapanıyor
motion-deadline = { $when }, son tarih { $date }
motion-moved = { " " }· öneren { $hub }, { $date } · { $record }
motion-decides = Neye karar veriyorsunuz
motion-effect = Sonucu
motion-reaches = { $hub } şu aşamaya geçer: { $stage }
motion-admission = ; bu, ağa kabulüdür
motion-rule = Kural
motion-charter-version = (tüzüğün { $version }. sürümü)
motion-who-decides = Karar veren
motion-body = { $body }, listede { $count } merkez
motion-generation = Kuşak
motion-generation-fell = { $generation }; o kuşakla birlikte düştü, artık etkisi yok
motion-counted-by = Sayanlar
motion-counted-by-roll = listedekiler: her biri süre dolunca { $command } komutunu çalıştırır, diğerleri çalıştırınca bir kez daha
motion-bound-to = Bağlı olduğu
motion-bound-to-nothing = kendisinden başka bir şeye bağlı değil
motion-changed = Sonradan değişen
motion-not-part = bu oylamanın parçası değil
motion-the-application = başvuru
motion-review = inceleme: { $panel } ({ $recommendation })
motion-interview = görüşme
motion-stands = Durum
motion-final = kesin
motion-provisional = geçici
motion-quorum = Toplantı yeter sayısı: { $part }, { $need } gerekiyor: { $gap }
motion-took-part = { $all } merkezden { $have } tanesi katıldı
motion-quorum-bar = { $all } merkezden { $have } tanesi katıldı, { $need } gerekiyor
motion-approval = Karar yeter sayısı: lehte ya da aleyhte { $cast } oydan { $yes }, { $need } gerekiyor: { $gap }
motion-yes = { $count } evet
motion-approval-bar = { $have } evet, { $need } gerekiyor
motion-recused = { $count } merkez çıkar çatışması nedeniyle çekildi ve { $all } üzerinden hesaplanan tabandan düştü.
motion-roll = Ad ad oylar
motion-seat = Sandalye
motion-vote = Oy
motion-cast = Verildiği zaman
motion-ballot = Oy kaydı
motion-you = { $hub } (siz)
motion-conflict = { $conflict ->
        [same-hub] başvuran merkezin kendisi
        [same-country] aynı ülkede
        [sponsor] başvuranın kefili
       *[other] bir değerlendirmede çıkar çatışması bildirdi
    }
motion-your-conflict = Tüzüğe göre merkezinizin çıkar çatışması var: { $conflict ->
        [same-hub] başvuran merkezin kendisi
        [same-country] aynı ülkede
        [sponsor] başvuranın kefili
       *[other] bir değerlendirmede bunu bildirdi
    }. Merkeziniz çekilmiş sayılır ve bu oylamanın hiçbir tabanına girmez.
motion-instead-of = { " " }yerine geçtiği:{ " " }
choice-yes = Evet
choice-no = Hayır
choice-abstain = Çekimser
choice-recuse = Çekildi
choice-block = Engelliyor
choice-due = bekleniyor
choice-not-yet = henüz vermedi
choice-none = oy vermedi
motion-your-ballot = Oyunuz
motion-your-ballot-for = { $hub } adına oyunuz
motion-not-on-the-roll = Merkeziniz bu listede değil.
motion-voted = Merkezinizin oyu: { $choice }.
motion-not-voted-yet = Merkeziniz henüz oy vermedi.
motion-not-voted = Merkeziniz oy vermedi.
motion-tellers = Sayıcılar
motion-is-final = Kesin: { $count } sayıcıdan yeterli sayıda olanı aynı sonucu bildirdi.
motion-final-when = { $count } sayıcıdan { $quorum } tanesi aynı sonucu bildirince kesinleşir.
motion-its-count = Sayımı
teller-returned = bildirdi: { $outcome }
teller-refused = reddetti: { $reason }
teller-closed = kapattı
teller-waits = kapanışı bekliyor
teller-silent = henüz haber yok
motion-proof = Kanıt
motion-certificate = Karar belgesi
motion-verify = Düğüm olmadan doğrulanabilen bir dosya: `cohub certificate verify FILE`.
motion-no-certificate = Karar belgesi, sonuç kesinleşince alınabilir.
motion-as-json = Bu önerge, JSON olarak
motion-nowhere = { $name } bu düğümün bildiği bir önerge değil.
ballot-choice = { $choice ->
        [yes] evet
        [no] hayır
        [abstain] çekimser
        [recuse] çekilme
        [block] engelleme
        *[other] { $choice }
    }
