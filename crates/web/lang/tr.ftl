# Sayfaların Türkçesi.

# The language itself
language-name = Türkçe
language-direction = ltr
language-complete = yes

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
milliseconds-exactly = { $time } ms
bytes = { $count } bayt
bytes-of-a-unit = { $whole },{ $tenth } { $unit ->
        [GB] GB
        [MB] MB
        *[kB] kB
    }
years = { $count } yıl
no-time = yok

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
        [node] düğüm
        [teller] sayıcı
        [officer] görevli
        *[other] { $role }
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
name = Ad
made = Oluşturulma
none = yok
sentence = { $words }.
read-what-you-sign = Neyi imzalayacağınızı okuyun

# Pieces of several pages
shall-it-reach = { $hub } şu aşamaya geçsin mi: { $stage }?
a-motion-of-the-kind = Türü { $kind } olan bir önerge
question-resolve = Ağın ilke kararı: “{ $text }”
question-manifesto = Bildirge şudur: “{ $text }”
question-amend = Tüzüğün yerine bir başkası geçer, “{ $title }”
question-standing = { $hub } { $change ->
        [suspend] askıya alınır
        [reinstate] geri alınır
        [expel] ağdan çıkarılır
        *[lapse] süresinde açılmamış sayılır
    }
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
hub-more = ve { $count } tane daha; tümü şurada: { $link }.
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
settings-zone = Saat dilimi
settings-zone-lead = Bu tarayıcıda, tarih ve saatlerin dilimi.
settings-zone-automatic = tarayıcının söylediği
settings-zone-save = Bu saat dilimini kullan
settings-zone-now = Bu sayfa yapıldığında: { $date }.

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
       *[other] bir incelemede çıkar çatışması bildirdi
    }
motion-your-conflict = Tüzüğe göre merkezinizin çıkar çatışması var: { $conflict ->
        [same-hub] başvuran merkezin kendisi
        [same-country] aynı ülkede
        [sponsor] başvuranın kefili
       *[other] bir incelemede bunu bildirdi
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

# Counting rules, and how a vote stands by them
share = { $share ->
        [none] hiçbiri
        [all] tümü
        [half] yarısı
        [third] üçte biri
        [two-thirds] üçte ikisi
        [quarter] dörtte biri
        [three-quarters] dörtte üçü
        *[other] { $part }/{ $whole } oranı
    }
share-at-least = en az { $share ->
        [none] hiçbiri
        [half] yarısı
        [third] üçte biri
        [two-thirds] üçte ikisi
        [quarter] dörtte biri
        [three-quarters] dörtte üçü
        *[other] { $part }/{ $whole } oranı
    }
share-more-than = { $share ->
        [all] tümünden
        [half] yarısından
        [third] üçte birinden
        [two-thirds] üçte ikisinden
        [quarter] dörtte birinden
        [three-quarters] dörtte üçünden
        *[other] { $part }/{ $whole } oranından
    } fazlası
share-any = en az bir tanesi
rule-whole = { $clauses }.
rule-unreadable = bu sayfaların okuyamadığı bir kural
rule-approval = { $base ->
        [cast] evet ve hayır oylarının
        [present] evet, hayır ve çekimser oyların
        *[roll] oylamadan çekilmemiş sandalyelerin
    } { $share } evet olmalıdır
rule-no-quorum = kaç sandalyenin katıldığı önemli değildir
rule-quorum = sandalyelerin { $share } katılmalıdır; çekimser kalan { $counts ->
        [yes] katılmış sayılır
        *[no] katılmış sayılmaz
    }
rule-consent = tek bir engelleme reddettirir
rule-floor = çekilmelerden sonra sandalyelerin { $share } kalmalıdır
rule-early-close = her sandalyenin ilk oyu geçerlidir ve her sandalye oy verince oylama biter
stands-floor = çekilmelerden sonra { $count } sandalye kaldı, listenin { $share } gerekiyor: { $gap }
stands-nothing = { $base ->
        [cast] hiç evet ya da hayır oyu
        *[other] hiç oy
    } verilmedi: hiçbir karar alınmadı
stands-quorum = { $count } sandalyeden { $have } tanesi katıldı, { $share } gerekiyor: { $gap }
stands-blocked = { $count } sandalye engelliyor: diğer oylar ne olursa olsun reddedilir
stands-approval = { $base ->
        [cast] kullanılan { $count } oydan
        [present] çekimserler dahil { $count } oydan
        *[roll] kalan { $count } sandalyeden
    } { $have } tanesi evet, { $share } gerekiyor: { $gap }

# Charter
charter-lead = Tüzük, { $version }. sürüm, { $record } kaydındaki hâliyle. Her karar ona göre alınır.
charter-way = Adaylıktan ortak sahipliğe
charter-signing = Kabulü yeni merkez ile kurulun { $count } sandalyesi imzalar; bu imzalarla merkez ortak sahip olur.
charter-rules = Sayım kuralları
charter-manifesto = Bildirge, { $version }. sürüm
charter-unsigned = Bu sürümü henüz hiçbir merkez kendi kaydıyla imzalamadı.
charter-signed = { $count } merkez imzaladı.
charter-times = Bir oylamanın süreleri
charter-notice = İhbar süresi
charter-at-least = en az { $time }
charter-longest = En uzun
charter-grace = Ek süre
charter-grace-for = yoldaki oylar için { $time }
charter-newcomers = Yeni gelenler
charter-sponsors = Bir merkez aynı anda { $count } yeni gelene kefil olabilir.
charter-writes = Her biri ağa girene kadar en çok { $count } kayıt yazabilir.
charter-panels = Paneller
charter-vote-needs = Oylama için gereken: { $needs }.
charter-nothing = başvurudan başka bir şey yok
charter-documents = şu belgeler: { $documents }
charter-reviews = { $panel } panelinden { $count } inceleme
charter-interview = bir görüşme
charter-conflicts = Şu durumlarda bir başvuruda çıkar çatışması vardır: { $conflicts }. Böyle bir inceleme sayılmaz, böyle bir sandalye de çekilmiş sayılır: oylamanın hiçbir tabanına girmez.
conflict = { $conflict ->
        [same-hub] başvuran merkezden olmak
        [same-country] aynı ülkedeki bir merkezden olmak
        [sponsor] başvuranın kefili olan merkezden olmak
        *[other] bir incelemede çıkar çatışması bildirmiş olmak
    }
charter-blind = Değerlendirmeleri, hepsi gelene kadar mühürlü kalır; en çok { $time }.
charter-adopting = Bunun kabulü ağa kabuldür.
charter-decides = Karar veren: { $body }; kural: { $rule }.
charter-stands-for = Bu aşamaya ulaşıldıktan sonra { $time } geçerli kalır.
charter-again-in = Reddedilirse { $time } sonra yeniden sorulabilir.
charter-calculator = Ne kadar oy gerekirdi?
charter-on-the-roll = Listede
charter-count = Say
charter-needed = Katılım: { $took }, gereken { $quorum }; evet: { $have }, gereken { $yes }.

# Applications
applications-lead = Adaylıktan ortak sahipliğe. Her adıma, dosyanın o anki hâline bağlı bir oylamayla karar verilir.
applications-none = Henüz kimse başvurmadı. Bir ortak sahip `cohub network invite` ile davet eder, `cohub hub sponsor` ile kefil olur.
applications-by-stage = Aşamalara göre başvurular
applications-handed-in = Verildi
applications-handed-in-when = { $when } verildi
applications-ended = Sona erenler
applications-came-to = Sonuç
applications-last-stage = Son aşama
applications-stored = Başvurunuz imzalandı ve saklandı. Birazdan burada görünür.
applications-can-apply = Merkeziniz başvurabilir
applications-claim = Ağın kurulduğu kütükte bu adda bir merkez var. Başvurunuzla merkeziniz onun hakkını devralır: kurul bir kez, son aşama için oy verir.
applications-sponsored = { $hub } için bir kefil var. Başvuru, dosyasını açar: ardından aşama aşama belgeler, incelemeler ve oylamalar gelir.
waits-vote = oylama
waits-votes = oylayan: { $body };
waits-signature = imza
waits-hub-signs = merkezin kabulünü imzalaması gerekiyor.
waits-seats-sign = kuruldan { $count } sandalyenin imzalaması gerekiyor.
waits-signed = imzalandı
waits-both-sides = iki tarafça da
waits-nothing = Sırada bir şey yok.
waits-ready = hazır
waits-opening = Kurulda sandalyesi olan bir merkez şu aşamanın oylamasını açabilir: { $stage }.
waits-lacks = eksik
lacks-document = { $document } belgesi eksik
lacks-reviews = { $panel } panelinin { $count } incelemesinden { $there } tanesi var
lacks-interview = görüşme eksik

# People and keys
people-lead = Bir anahtarı elinde tutan onunla imza atabilir. Bir anahtarın neye yetkili olduğunu merkezi, herkesin sakladığı bir kayıtla belirler.
people-own = Bu dizindeki anahtarlar
people-none = Yok. `cohub init` anahtarlarıyla birlikte bir merkez oluşturur.
people-may = Yetkisi
people-opened-by = Açan
people-granted = Yetkiyi veren
people-speaks = merkez adına konuşmak
people-passphrase = tek bir işlem için parola
people-node = düğümün kendisi
people-backup = Yedekleri: `cohub key backup --out DIR`. Hiçbir günlük yedekten sürdürülmez: bir kayıptan sonra denetleyen anahtar, kurtarma sözcükleriyle yenilenir.
people-every = Bütün merkezlerin anahtarları
people-nothing = artık hiçbir şey
people-founding = kuruluş kaydında

# Peers and sync
peers-lead = Aynı kayıtları saklayan düğümler aynı sicili hesaplar.
peers-sync = Eşitleme
peers-missing = { $count } eksik
peers-cited = başka kayıtların andığı bazı kayıtlar henüz burada değil.
peers-equal = eşit
peers-nothing-missing = Bir eş düğümle yapılan son karşılaştırmada eksik bir şey çıkmadı.
peers-comparing = karşılaştırılıyor
peers-not-compared = Bağlı bir eş düğümle henüz hiçbir karşılaştırma bitmedi.
peers-held = { $count } kayıt saklanıyor.
peers-nobody-heard = Henüz kimseden haber alınmadı.
peers-heard-now = Bir eş düğümden az önce haber alındı.
peers-heard-ago = Bir eş düğümden en son { $time } önce haber alındı.
peers-reached = Ulaşılanlar
peers-of = { $all } eş düğümden { $connected } tanesi
peers-alone = Yalnız: yazdıklarınız burada saklanır ve gelen ilk düğüme gider.
peers-attention = İlgilenmeniz gerekenler
peers-title = Eş düğümler
peers-none = Bilinen yok. `cohub peer add ADDRESS` bir tane ekler.
peers-node = Düğüm
peers-round-trip = Gidiş dönüş
peers-addresses = Adresler
peers-addresses-and-why = Adresler ve son denemenin neden başarısız olduğu
peers-unknown = bilinmiyor
peers-connected = bağlı
peers-not-reached = ulaşılamadı

# Reference of the API: the frame around sentences of the OpenAPI document
reference-lead = Bu sayfaların okuduğu, programlar için: { $openapi }; yolların yapıldığı tablonun aynısı. JSON biçimindeki her yanıtta `as_of` vardır: sicilin özeti, saklanan kayıtlar, kaçının eksik olduğu. `ETag` onunla birlikte değişir. Yanlış giden şey { $problem } olarak bildirilir.
reference-openapi = OpenAPI 3.1
reference-a-problem = türü değişmeyen bir sorun
reference-types = Türler
reference-type = Tür
reference-meaning = Anlamı
reference-problems = Sorunlar
reference-problems-lead = RFC 9457’deki gibi: tür, başlık, durum ve bir açıklama cümlesiyle `application/problem+json`. Açıklamalar İngilizcedir.
reference-takes = Aldığı JSON:
reference-answers = Yanıtı
reference-answers-with = Yanıtı: { $media_type }
type-text = metin
type-whole = tam sayı
type-number = sayı
type-yes = doğru ya da yanlış
type-list = liste: { $item }
type-or-null = { $kind } ya da null
type-any = protokoldeki gibi

# Dossier
dossier-application = Başvuru
dossier-nowhere = { $name } bu düğümün bildiği bir başvuru değil.
dossier-lead = { $status } · { $hub }, { $day } tarihinde verildi · { $record }
dossier-next = Sırada ne var
dossier-for = { $stage } için
dossier-decided-by = Karar veren: { $body }, kural: { $rule }; bkz. { $charter }.
dossier-charter = tüzük
in-hand = sıra kimde: { $who }
in-hand-anybody = herhangi bir panel üyesi ya da kurul sandalyesi
in-hand-nobody = bu panelde başka kimse yok: genel kurul atar
check-there = var
check-document = belge: { $document }
check-reviews = { $panel } panelinin incelemeleri: { $count } taneden { $there } tanesi
dossier-way = Yol
dossier-reached = (ulaşıldı)
dossier-documents = Belgeler
dossier-no-documents = Henüz yok. Başvuran, belgelerini `cohub document add FILE --type TYPE` ile verir.
dossier-document = Belge
dossier-size = Boyut
dossier-readers = Okuyabilenler
dossier-hash = Özet
dossier-version = s{ $version }
dossier-superseded = yerine yenisi geldi
dossier-erased = silindi
readers-nobody = hiç kimse
readers-public = herkes
readers-members = üyeler
readers-shared = paylaşıldığı kişiler
readers-sealed-nobody = mühürlü: henüz kimseyle paylaşılmadı
readers-sealed = mühürlü, yalnız şunlara açık: { $readers }
dossier-reviews = İncelemeler ve görüşmeler
dossier-no-reviews = Henüz yok.
dossier-not-counted = sayılmaz: yazarı { $conflict ->
        [same-hub] başvuran merkezden
        [same-country] aynı ülkedeki bir merkezden
        [sponsor] başvuranın kefili olan merkezden
        *[other] çıkar çatışması bildirdi
    }
dossier-what = Ne
dossier-by = Kimden
dossier-says = Görüşü
dossier-marks = Puanlar
dossier-review = inceleme, panel: { $panel }
opinion = { $word ->
        [accept] kabul
        [decline] ret
        [more] ek bilgi istiyor
        [recuse] çıkar çatışması
        [sealed] hepsi gelene kadar mühürlü
        [favourable] olumlu
        [unfavourable] olumsuz
        [postponed] ertelendi
        *[other] { $word }
    }
dossier-votes = Oylamalar
dossier-no-votes = Bu başvuru için henüz oylama açılmadı.
dossier-records = { $count } kayıt
dossier-changed = { $count } tanesi sonradan değişti
dossier-signatures = Kabulün altındaki imzalar
dossier-hub-itself = merkezin kendisi
dossier-seats-sign = imzalaması gereken { $count } sandalyeden { $have } tanesi
dossier-admitting-vote = Onu kabul eden oylama

# Forms on a dossier
hand-in-title = Belge verin
hand-in-too-large = Bu dosya { $size } sınırından büyük.
hand-in-broken = Yükleme yarıda kesildi; hiçbir şey saklanmadı. Yeniden gönderin.
hand-in-what = Bu nedir
hand-in-again = { $document }: yeni sürüm
hand-in-for = { $document }, { $stage } için
hand-in-who = Kim okuyabilir
scope-members = Üyeler
scope-members-words = Ortak sahiplerin düğümleri ve sizinki alabilir. Başka herkes yalnız var olduğunu, ne kadar büyük olduğunu ve özetini görür, tek bir sözcüğünü görmez.
scope-public = Herkes
scope-public-words = Her düğüm alıp saklayabilir. Bir kez herkese açılan şey yeniden gizli olamaz.
scope-sealed-words = Yalnız birkaç kişi için: `cohub document add FILE --type TYPE --scope sealed --to HUB` belgeyi hiçbir yere gitmeden bu makinede mühürler. Başkaları şifreli metni saklar; okuyacak yeni kişileri sonra da ekleyebilirsiniz.
hand-in-file = Dosya: seçin ya da buraya sürükleyin
hand-in-kinds = En çok { $size } büyüklüğünde bir belge, tablo ya da resim. Yeni sürüm eskisinin yerine geçer; ikisi de kayıtta kalır.
hand-in-progress = Dosyanın gönderilen bölümü
hand-in-send = Gönder ve neyi imzalayacağını oku
review-title = İnceleyin
review-lead = Bir paneldesiniz. Önce belgeleri okuyun: incelemeniz şu an burada olan sürümleri anar.
review-for = Hangi panel için
review-wanted = { $panel } (sıradaki aşama istiyor)
review-recommend = Öneriniz
review-accept = Devam etsin
review-decline = Devam etmesin
review-more = Bir şey söyleyebilmem için daha fazlası gerekiyor
review-recuse = Çıkar çatışmam var: beni saymayın
review-marks = Puan verirseniz: tek sözcüklük bir ölçüt ve puanı
review-example = pazar
review-criterion = { $number }. ölçüt
review-points = { $number }. ölçütün puanı
review-words = Sözle, üyeler için
interview-title = Bir görüşmeyi kaydedin
interview-outcome = Nasıl geçti
interview-favourable = İyi geçti
interview-unfavourable = İyi geçmedi
interview-postponed = Yapılmadı
interview-notes = Notlar, üyeler için
advance-title = Oylamayı açın
advance-lead = { $stage } için eksik yok. Oylama, dosyanın şu anki hâline bağlıdır.
advance-for = Oy verme süresi
admission-title = Kabulü imzalayın
admission-lead = Kabul edildi. İki tarafın imzalarıyla merkez ortak sahip olur; sizinki { $key } anahtarıyla bekleniyor.
written-title = İmzaladınız: { $kind }, { $when }
written-for = { $hub } adına.

# What cannot be done, and why
wrong-fields = Formda bu kadar alan yok.
wrong-act = { $act } burada yapılabilen bir şey değil.
wrong-mark = { $mark } bir puan değil: ölçüt küçük harf, rakam ve kısa çizgiden oluşan tek bir sözcüktür, puanı da bir tam sayıdır.
choose = Seçin: { $what ->
        [document] belgenin türü
        [readers] okuyabilenler
        [panel] panel
        [recommendation] öneri
        [outcome] sonuç
        *[deadline] oylamanın süresi
    }.
choose-a-file = Önce bir dosya seçin.
no-key-on-a-panel = Bu dizindeki hiçbir anahtarın bir panelde yeri yok.
no-key-acts = Bu dizindeki hiçbir anahtar bu merkez adına işlem yapamaz: `cohub person add` bir tane oluşturur.
no-key-votes = Bu dizindeki hiçbir anahtar bu merkez adına oy veremez: `cohub person add` bir tane oluşturur.
no-controller = Bu merkezi denetleyen anahtar bu dizinde değil.
text-too-long = Bu metin en çok { $most } bayt olabilir, şu an { $count } bayt.
name-not-attached = { $name } adı eklenemez: çok uzun ya da hiçbir adda olmayan karakterler içeriyor.
upload-gone = Bu dosya daha önce verildi ya da bir saatten uzun bekledi; şimdi hiçbir şey imzalanmadı. Yeniden seçin.
upload-not-kept = Dosya burada saklanamıyor ({ $why }); hiçbir bölümü saklanmadı.
upload-empty = { $name } boş; hiçbir şey saklanmadı.
upload-another = { $name } adının söylediği türden değil: kimse açamazdı. Hiçbir şey saklanmadı. Oluşturan programdan yeniden kaydedin.
upload-kind = { $name } burada alınmayan bir türden: okuyanlar belge, tablo ve resim açar ({ $kinds }). Hiçbir şey saklanmadı. PDF dosyasını herkes açabilir.
upload-too-large = Dosya { $size } sınırından büyük; hiçbir şey saklanmadı.
upload-cut-off = Yükleme tamamlanmadan kesildi; hiçbir şey saklanmadı. Yeniden gönderin.

# What is about to be signed
deed-applies = Merkeziniz ortak sahiplik için başvuruyor.
deed-claims = Merkeziniz { $claim } hakkını devralıyor ve ortak sahiplik için başvuruyor.
deed-about = { $hub } başvurusu hakkında
sign-title = Neyi imzalıyorsunuz
sign-wrong-passphrase = Parola bu anahtarı açmıyor. Hiçbir şey imzalanmadı.
sign-changed = Bu arada bir şey geldi ve kayıt artık başka bir şey söylerdi. Hiçbir şey imzalanmadı: yeniden okuyun.
sign-in-words = Sözle
sign-nothing-with-it = Yanında başka bir şey gitmiyor.
sign-to-the-letter = Harfi harfine
sign-place = { $key } anahtarının { $seq }. sırası
sign-body-words = Gövde, onaltılık düzende DAG-CBOR’dur. Tarih, ağ ve yanında gidenlerin özeti de imzalanır.
sign-it = İmzalayın
sign-passphrase = { $key } anahtarının parolası
sign-passphrase-words = Parola anahtarı bu tek imza için, bu işlem içinde açar ve hiçbir yerde saklanmaz.
sign-button = İmzala ve ver
sign-back = Geri
sign-with-text = Şu metinle, okuyabilenler: { $readers }
sign-with-file = { $name } dosyasıyla, { $size }, { $media_type }, okuyabilenler: { $readers }.
sign-file-hash = İçeriğinin BLAKE3 özeti: { $hash }
steps-signed = imzalandı
steps-stored = burada saklandı
steps-held = { $count } eş düğümde var
steps-on-no-peer = henüz hiçbir eş düğümde değil
steps-counted = sayıldı
steps-not-counted = henüz sayılmadı
steps-replaced = yerine sonraki geçti
steps-alone = Bağlı başka düğüm yok: gelen ilk düğüme gider.

# Ballot
ballot-choose = Nasıl oy verdiğinizi seçin.
ballot-yes = Evet
ballot-no = Hayır
ballot-abstain = Çekimser
ballot-recuse = Oylamadan çekil: çıkar çatışmam var
ballot-block = Engelle: kabul edilmemeli
ballot-first-counts = Bu kurala göre her sandalyenin ilk oyu geçerlidir: değiştirilemez.
ballot-can-change = Kapanışa kadar değiştirebilirsiniz.
ballot-rule-says = Değiştirilip değiştirilemeyeceğini kural belirler.
ballot-reason = Gerekçe, üyeler görür
ballot-key = İmzalayan anahtar

# Invite
invite-lead = Bir davet, kapınızın bir kez çalınması için geçerlidir. Kimseye kefil olmadan önce kapıdakini görürsünüz: `cohub hub sponsor`.
invite-choose = Ne kadar süre geçerli olacağını seçin.
invite-no-member = Davet ettiğine yalnız bir ortak sahip kefil olabilir; merkeziniz henüz ortak sahip değil.
invite-make = Davet oluştur
invite-another = Bir tane daha oluştur
invite-good-for = Geçerlilik süresi
invite-in-words = Sözle, bir ileti için
invite-words-who = { $hub } sizi { $network } ağına davet ediyor.
invite-words-init = cohub’ı kurun ve merkezinizi şununla başlatın: `cohub init`
invite-words-up = Düğümünü ve sayfalarını başlatın: `cohub up --ui`
invite-words-paste = Bu daveti orada, İlk adımlar sayfasına yapıştırın:
invite-link = Bağlantı olarak
invite-link-words = cohub kurulu makineler için. Uçbirimde `cohub network join INVITE` bağlantıyı da kabul eder.
invite-picture = Resim olarak
invite-picture-label = QR kodu olarak davet; yanındaki sözler aynısını söyler
invite-picture-words = Fotoğrafını çeken daveti almış olur: başka kimseye göstermeyin.
invite-too-long = Bu davet bir resim için çok uzun: düğüm çok fazla adreste dinliyor.
invite-until = Kapının bir kez çalınması için geçerli; son tarih { $date }.
invite-unusable = Bu kullanılamaz: { $why }. İlk harfinden son harfine kadar bir kez daha kopyalayın.
invite-over = Bu davetin süresi doldu. Gönderen merkezden yenisini isteyin.

# Records
records-lead = Bilinen her şey bunlarda durur: her birini bir anahtar imzaladı, hepsini herkes saklar. En yenisi önce, yazarlarının saatine göre.
records-none = Böyle bir kayıt yok.
records-older = Daha eski kayıtlar
record-kind-title = Tür
record-kind = { $kind ->
        [founding] kuruluş
        [inception] başlangıç
        [rotate] anahtar yenileme
        [grant] yetki
        [sponsor] kefalet
        [application] başvuru
        [document] belge
        [review] inceleme
        [interview] görüşme
        [sign] imza
        [profile] profil
        [motion] önerge
        [ballot] oy
        [closing] kapanış
        [return] sayım bildirimi
        [handover] devir
        [withdraw] geri çekme
        [erase] silme
        [share] paylaşım
        *[other] { $kind }
    }
record-place = Sıra
record-verdict = Değerlendirme
verdict-valid = geçerli
verdict-pending = bekliyor
verdict-void = geçersiz
record-of-the-kind = Türü { $kind } olan bir kayıt
record-written = · yazarının saatine göre { $date } tarihinde yazıldı
record-decoded = Çözülmüş
record-attachments = Ekler
record-raw = Ham
record-raw-words = Yazar, imza ve başlık, imzalandıkları hâliyle. Kimlik her baytı kapsar; imza, bu çözülmeden önce doğrulandı.
record-where = Yeri
record-author = Yazar
record-of-hub = { " " }· { $hub }
record-after = , öncesi { $record }
record-builds-on = Dayandığı kayıtlar
record-builds-on-nothing = Kendi yerinden başka bir şey yok.
record-body = Gövde
record-cited-by = Onu anan kayıtlar
record-cited-by-nothing = Burada saklananlardan hiçbiri.

# Settings
settings-lead = Her değer ve nereden geldiği: bir seçenek, ortam değişkeni, bir dosya ya da varsayılan.
settings-of-the-node = { $directory } dizinindeki düğümün ayarları
settings-wrong = yanlış
settings-setting = Ayar
settings-value = Değer
settings-from = Kaynağı
origin-flag = komut satırı seçeneği
origin-default = varsayılan
settings-change = `cohub config set KEY VALUE` ile değiştirilir; çalışan bir düğüm yeniden başlatılınca uygular.
settings-pages = Bu sayfalar
settings-pages-codes = `cohub ui --print` komutunun verdiği bir adresi açan tarayıcılar içindir. Böyle bir adres bir saat içinde ve bir kez çalışır; bıraktığı çerez bu sunucuyla birlikte sona erer.
settings-pages-elsewhere = Başka makineler onlara yalnız TLS ile, `page_names` ayarındaki adlarla ve `cohub ui --new-login` komutunun oluşturduğu giriş anahtarıyla ulaşır.
settings-copies = Anahtarların yedekleri
settings-missing = eksik
settings-no-copy = Şu anahtarların yedeği alınmadı: { $keys }. Birini başka bir yerde saklayın: `cohub key backup --out FILE`.
settings-last-copy = Son yedek { $day } tarihli.
settings-copied = Son yedek { $day } tarihinde alındı ve buradaki kişilerin bütün anahtarlarını içeriyor.
settings-no-keys = Yedeklenecek anahtar yok. `cohub init` bir merkezin ilk anahtarlarını oluşturur.
settings-tokens = Erişim belirteçleri
settings-no-tokens = Yok. `cohub token create --label NAME --scope read` bir program için bir tane oluşturur; hiçbiri imza atamaz.
settings-opens = Açtığı

# First steps
begin-lead = Boş bir düğümden ilk oya: { $all } adımdan { $done } tanesi tamam.
begin-only-you = Yalnız sizin bilebileceğiniz şeyler
begin-words = `cohub init` komutunun bir kez gösterdiği 24 kurtarma sözcüğü kâğıtta, hiçbir bilgisayarın okumadığı bir yerde duruyor. Bu makine kaybolursa merkezinizin sonraki anahtarı onlardan oluşur.
begin-backup = Anahtarların yedeği alındı: `cohub key backup --out DIR`.
begin-passphrase = Parola birinin aklında ya da bir parola yöneticisinde.
begin-done = tamam
begin-next = sırada
begin-later = sonra
step-hub = Merkezin adı ve anahtarları var
step-hub-words = `cohub init` onları oluşturur ve kurtarma sözcüklerini bir kez gösterir.
step-node = Düğümü çalışıyor
step-node-words = `cohub up` başlatır; `cohub service install` makineyle birlikte başlamasını sağlar.
step-network = Bir ağda
step-network-words = Bir ağdaki bir merkezin davetiyle: buraya yapıştırın. Sıra, daveti oluşturan ortak sahipte.
step-hears = Başka düğümlerden haber alıyor
step-hears-words = Sıra, aranızdaki ağ bağlantısında. Her adresin ne yanıt verdiği: { $link }.
step-sponsored = Bir ortak sahip ona kefil
step-sponsored-words = Sıra, sizi davet eden merkezde. Merkezinizi kapısında görür ve ona kefil olur: `cohub hub sponsor`.
step-applied = Başvurdu
step-applied-words = Sıra sizde. Kefiliniz olur olmaz düğmesi şu sayfada: { $link }.
step-dossier = Dosyasında sıradaki aşamanın istediği her şey var
step-dossier-words = Belgeler için sıra sizde, incelemeler için panel üyelerinde.
step-dossier-says = Eksikler: { $link }.
step-your-dossier = Dosyanız
step-member = İki taraf da imzaladı: ortak sahip
step-member-words = Sıra, her aşamada oy veren kurulda; sonunda da imzalayacak olan sizde ve kurulun sandalyelerinde.
step-how-far = Ne kadar yol aldı
step-votes = Onun adına biri oy verebiliyor
step-votes-words = Sıra sizde. `cohub person add NAME --role representative` birine anahtar verir.
step-voted = İlk oyunu verdi
step-voted-words = Sıra sizde. { $link }
step-no-vote = Oyunuzu bekleyen bir önerge yok. Merkezinizin sandalyesinin ya da genel kurulda oyunun olduğu ilk önerge şu sayfada görünür: { $link }.
begin-from-here = Buradan ilk oya
begin-knocks = Kapıyı çalıyor
begin-knocks-words = Merkezinizin ilk kayıtları imzalandı. Düğüm, onu davet eden merkez kefil olana kadar o merkezin kapısını çalar; bu sayfa o zaman kendiliğinden ilerler.
begin-join = Bir davetle katılın
begin-invite = Size gönderilen davet, tamamı: `cohubinvite1` ile başlar
begin-as = { $hub }, { $city } olarak.
begin-no-hub = Bu dizinde merkez yok: `cohub init`.
begin-first-records = Merkezinizin ilk kayıtları: kim olduğu ve hangi anahtarların onun adına işlem yaptığı.
begin-wrong-passphrase = Parola anahtarlarınızı açmıyor. Hiçbir şey imzalanmadı.
begin-begins = { $hub } bu ağın bir merkezi olarak başlar. Bunu ağdaki herkes okur ve kalıcıdır.
begin-controller = Denetleyen
begin-network = Ağ
begin-knocks-at = Kapısını çaldığı
begin-good-until = Son geçerlilik
begin-grants = Yanında düğümünüzün ve temsilcinizin anahtarlarına verilen yetkiler de gider.
begin-passphrase-of = Anahtarlarınızın parolası
begin-passphrase-words = Parola anahtarları bu kayıtlar için, bu işlem içinde açar ve hiçbir yerde saklanmaz.
begin-sign = İmzala ve kapıyı çal
begin-not-done = Yapılmadı
begin-back = İlk adımlara

# What another version of the charter changes
changes-title = Neler değişiyor
changes-lead = Tüzüğün iki sürümü, madde madde. Aynı kalan maddelerin sayısı aşağıdadır.
changes-only-one = Kuruluştaki tüzük yürürlükte: henüz başka bir sürüm yok. `cohub motion open amend FILE` yenisini ister.
changes-nowhere = { $name } bu düğümün bildiği bir tüzük sürümü değil.
changes-versions = Sürümler
changes-version = { $version }. sürüm
changes-since = { $day } tarihinden beri:
changes-proposed = Önerilen: { $title }
changes-from = Şundan
changes-to = Şuna
changes-of-the-motion = Tüzükte neyi değiştiriyor
changes-old = Şimdiki hâli
changes-new = Önerilen hâli
changes-clause = Madde
changes-added = yeni
changes-removed = kalkıyor
changes-changed = değişiyor
changes-not-there = —
changes-none = Hiçbir şey: ikisi de sözcüğü sözcüğüne aynı.
changes-same = { $count } madde olduğu gibi kalıyor.
changes-admission = Kabul
changes-conflicts = Çıkar çatışmaları
changes-stage = Aşama: { $stage }
changes-panel = Panel: { $panel }
changes-rule = Kural: { $rule }
matter = { $matter ->
        [resolve] İlke kararları
        [appoint] Paneller
        [suspend] Bir merkezi askıya almak
        [reinstate] Bir merkezi geri almak
        [expel] Bir merkezi çıkarmak
        [lapse] Süresinde açılmayan merkez
        [recover] Çatışan anahtar yenilemeleri
        [seat] Sıradaki kurul
        [amend] Başka bir tüzük
        [manifesto] Başka bir bildirge
        *[other] { $matter }
    }

# Who is not let in, and what is not here
refusal-title = Giriş yok
refusal = { $why ->
        [wrong-host] Bu sayfalar yalnız kendi adreslerinde yanıt verir. `cohub ui` komutunun yazdığı adresi açın.
        [wrong-origin] Bunu başka bir kaynağın sayfası istedi; hiçbir şey yanıtlanmadı ya da değiştirilmedi.
        [cross-site] Buraya başka bir site yönlendirdi; bu yüzden hiçbir şey yanıtlanmadı ya da değiştirilmedi. Adresi kendiniz yazın.
        [no-origin] İstek hangi sayfadan geldiğini söylemiyor; hiçbir şey değiştirilmedi.
        [scope] Bu belirteç bunu açmıyor; neyi açtığını `cohub token list` söyler.
        *[not-let-in] Bu tarayıcıya giriş izni verilmedi. Bu makinenin bir uçbiriminde `cohub ui --print` çalıştırın ve yazdığı adresi açın.
    }
bad-code-title = Bu kod hiçbir şeyi açmıyor
bad-code = { $why ->
        [used] Bu kod daha önce kullanıldı. Kullanan siz değilseniz onu başka biri okudu.
        [old] Bu kodun üstünden bir saatten uzun süre geçti.
        *[unknown] Bu kodu şu an çalışan sunucu vermedi.
    } Bu makinenin bir uçbiriminde `cohub ui --print` çalıştırın.
unreadable-title = Okunamıyor
unreadable = { $why ->
        [too-large] Gönderilen, bu adresin aldığından büyük.
        *[unreadable] Adres ya da oraya gönderilen okunamıyor.
    }
nowhere-title = Bulunamadı
nowhere = Bu adreste bir şey yok.
