# What the pages say in English. Other languages are files beside this one; CONTRIBUTING.md tells how to add one.

# The language itself
language-name = English
language-direction = ltr
language-complete = yes

# Times, and how far off they are
date = { $day } { $month } { $year }
date-and-time = { $date }, { $time }
date-of-a-weekday = { $weekday } { $date }, { $time }
date-in-both = { $local } in { $zone } ({ $utc } UTC)
date-in-utc = { $date } UTC
month = { $month ->
        [1] Jan
        [2] Feb
        [3] Mar
        [4] Apr
        [5] May
        [6] Jun
        [7] Jul
        [8] Aug
        [9] Sep
        [10] Oct
        [11] Nov
        *[12] Dec
    }
weekday = { $weekday ->
        [1] Mon
        [2] Tue
        [3] Wed
        [4] Thu
        [5] Fri
        [6] Sat
        *[7] Sun
    }
in-the-future = in { $time }
in-the-past = { $time } ago
now = now
days = { $count ->
        [one] { $count } day
        *[other] { $count } days
    }
hours = { $count ->
        [one] { $count } hour
        *[other] { $count } hours
    }
minutes = { $count ->
        [one] { $count } minute
        *[other] { $count } minutes
    }
seconds = { $count ->
        [one] { $count } second
        *[other] { $count } seconds
    }
milliseconds = { $count } ms

# Words of the protocol
status = { $status ->
        [co-owner] co-owner
        [founding] founding
        [invited] invited
        [prospect] prospect
        [applicant] applicant
        [suspended] suspended
        [left] left
        [expelled] expelled
        [lapsed] lapsed
        *[other] { $stage }
    }
application-status = { $status ->
        [open] open
        [withdrawn] withdrawn
        [rejected] rejected
        [admitted] admitted
        [co-owner] co-owner
        *[other] { $status }
    }
state = { $state ->
        [open] open
        [closing] closing
        [adopted] adopted
        [rejected] rejected
        [inquorate] inquorate
        [unresolved] unresolved
        [disputed] disputed
        [undecided] undecided
        [withdrawn] withdrawn
        *[other] { $state }
    }
state-final = { $state }, final
body = { $body ->
        [committee] committee
        [fallback] fallback roll
        [assembly] assembly
        *[other] { $body }
    }
role = { $role ->
        [representative] representative
        [panelist] panelist
        *[other] { $role }
    }
recommendation = { $word ->
        [accept] accept
        [reject] reject
        [more] more
        *[other] { $word }
    }
continent = { $name ->
        [Africa] Africa
        [Antarctica] Antarctica
        [Asia] Asia
        [Europe] Europe
        [North-America] North America
        [Oceania] Oceania
        [South-America] South America
        *[other] { $name }
    }
hub-unknown = a hub that is not known here
hub = Hub
hubs = { $count ->
        [one] { $count } hub
        *[other] { $count } hubs
    }
city = City
country = Country
status-title = Status
since = Since
sponsored-by = Sponsored by
when = When
decision = Decision
count = Count
proof = Proof
certificate = certificate
key = Key
record = Record
show = Show
all = all
state-title = State
question = Question
voted = Voted
of-so-many = { $count } of { $all }

# Pieces of several pages
shall-it-reach = Shall { $hub } reach the stage { $stage }?
a-motion-of-the-kind = A motion of the kind { $kind }
to-a-stage = { $hub } to { $stage }
votes-yes = { $count } yes
votes-no = { $count } no
votes-abstain = { $count } abstained
votes-recuse = { $count } recused
votes-block = { $count } blocked
votes-absent = { $count } absent
closes = closes { $when }
closed-tellers-count = closed { $when }, tellers count
decided = decided { $when }
not-decided = not decided
met-none-to-spare = met, with none to spare
met-to-spare = met, with { $count } to spare
more-needed = { $count ->
        [1] one more needed
        *[other] { $count } more needed
    }

# The frame around every page
frame-skip = To the content
frame-pages = Pages
place-overview = Overview
place-registry = Registry
place-applications = Applications
place-motions = Motions
place-committee = Committee
place-charter = Charter
place-people = People and keys
place-peers = Peers and sync
place-records = Records
place-evidence = Evidence
place-begin = First steps
place-settings = Settings
place-reference = API
frame-due-from-you = due from you
frame-seen-from = As seen from { $place }
frame-this-node = this node
frame-registry = Registry { $head }
frame-records = { $count } records, { $missing ->
        [0] none missing
        *[other] { $missing } missing
    }
frame-stale = Something changed: reload
frame-down = The node does not answer
frame-down-last = What you see is what it said last.
frame-down-start = Start it again with `cohub up`.
frame-does-not-answer = the node does not answer
frame-nobody-heard = nobody was heard yet
frame-heard-now = heard just now
frame-heard-ago = last heard { $time } ago
frame-peers = { $connected } of { $all ->
        [one] { $all } peer
        *[other] { $all } peers
    },
frame-comparing = , still comparing
not-here = Not here
not-here-back = To the overview

# Overview
overview-title = { $hubs ->
        [one] { $hubs } hub, one network
        *[other] { $hubs } hubs, one network
    }
overview-where = { $countries ->
        [one] { $countries } country
        *[other] { $countries } countries
    } on { $continents ->
        [0] no continents
        [1] one continent
        [2] two continents
        [3] three continents
        [4] four continents
        [5] five continents
        [6] six continents
        *[7] seven continents
    }.
overview-no-centre = No centre: every line below is signed by a hub and held by all.
overview-not-constituted = The network is not constituted yet: not every founder's first record is here. Nothing can be decided before.
overview-first-steps = { $link }: { $done } of { $all } are done.
overview-where-we-are = Where we are
overview-co-owner = co-owner
overview-on-its-way = on its way
overview-lines = lines: who sponsored whom
overview-as-table = Show as table
overview-your-votes = { $count ->
        [0] Your votes
        [1] Your vote is due
        *[other] { $count } votes are due from you
    }
overview-no-votes = Nothing waits for your vote.
overview-with-the-key = with the key { $key }
overview-read-and-vote = Read and vote
overview-and-more = and { $count } more
overview-and-more-agenda = and { $count } more: `cohub agenda`
overview-waiting = Waiting for you
overview-nothing-waits = No review and no signature is due from you.
overview-open-dossier = Open the dossier
overview-read-motion = Read the motion
overview-read-record = Read the record
overview-node = This node
overview-healthy = { $tag } it answers, and has what its peers have
overview-tag-healthy = healthy
overview-tag-down = down
overview-tag-attention = attention
overview-network = Network { $network }
overview-version = cohub { $version }, up { $time }
overview-table-caption = { $members ->
        [one] { $members } co-owner
        *[other] { $members } co-owners
    }, { $others } on their way
overview-lately = Decided lately
overview-nothing-decided = Nothing was decided yet. A committee seat opens a motion with `cohub motion open`.
overview-tellers = { $count } of { $all } tellers · { $certificate }
map-title = World map of hubs
map-label = World map of hubs; the table below lists them

# Registry
registry-invite = Invite a hub
registry-lead = Who is in, at which stage. Every node computes the same from the same records; equal heads are equal registries.
registry-as-it-was = As it was at the end of { $day }: what was decided by then, and records of then by their authors' clocks. { $link }
registry-as-it-is = As it is now
registry-hubs-of = { $shown ->
        [one] { $shown } hub
        *[other] { $shown } hubs
    } of { $all }
registry-none = No hub is like this. Choose less.
registry-as-json = The whole registry as JSON
registry-as-csv = The hubs as CSV
registry-continent = Continent
registry-on = As it was on

# Hub
hub-since = { " " }· since { $day }
hub-profile = Profile
hub-short-name = Short name
hub-place = Place
hub-coordinates = Coordinates
hub-id = Id
hub-manifesto = Manifesto
hub-signed-version = signed version { $version }
hub-how-it-came-in = How it came in
hub-founder = It is a founder: the founding record names it.
hub-application-of = Application of { $day }
hub-no-motion = No motion was opened about it yet.
hub-lineage = Lineage
hub-sponsor = Sponsored by { $hub }.
hub-no-sprouts = It has sponsored nobody yet.
hub-sprouts = It sponsored:
hub-controller = controller
hub-granted-by = { " " }granted by { $record }
hub-by-the-founding = { " " }by the founding record
hub-years = Its years
hub-no-years = It has not reported a year yet: `cohub hub profile --year …`.
hub-year = Year
hub-members = Members
hub-events = Events
hub-ventures = Ventures
hub-jobs = Jobs
hub-chart = Members by year; the table below has the numbers
hub-nowhere = { $name } is no hub that this node knows.

# Motions
motions-lead = What is asked, who votes what, and when it is decided. Every vote is signed and open.
motions-none = There is no such motion. A committee seat opens one with `cohub motion open`.
motions-earlier = Earlier on this list
motions-further = Further down this list

# Committee
committee-lead = Term { $term }, { $seats ->
        [one] { $seats } seat
        *[other] { $seats } seats
    }. Each seat votes with one key and counts with another.
committee-generation = It is of generation { $generation }.
committee-by-fallback = It was seated by the fallback roll: what that decision lists stands, and nothing was handed over.
committee-takes = What it takes
committee-final = An outcome is final once { $quorum } tellers return the same.
committee-tolerates-none = No teller may lie or stay away: this committee is too small for that.
committee-tolerates = Up to { $count ->
        [one] { $count } teller
        *[other] { $count } tellers
    } may lie or stay away without harm.
committee-seats = Seats
committee-voting-key = Voting key
committee-tellers-key = Teller's key
committee-returned = Returned
committee-final-motions = { $count } of { $all } final motions

# Evidence
evidence-lead = A key that signs two records for one place in its log has lied to somebody, or was copied. Both records prove it; neither changes a count.
evidence-forks = { $count ->
        [one] { $count } fork
        *[other] { $count } forks
    }
evidence-no-forks = Nobody was found to have signed twice.
evidence-place = Place
evidence-both = Both records
evidence-fork-at = fork at { $place }
evidence-unknown = something unknown
evidence-disputes = { $count ->
        [one] { $count } disputed decision
        *[other] { $count } disputed decisions
    }
evidence-no-disputes = No two decisions contradict each other.
evidence-slot = { $slot ->
        [application] application
        [hub] hub
        [keys] keys
        [committee] committee
        [charter] charter
        [manifesto] manifesto
        [panel] panel
        [resolution] resolution
        *[other] something unknown
    }
evidence-stands = What stands: { $motion }.
evidence-none-stands = None of this stands: the value from before is kept.

# Before a network, before the login
before-looks-again = This page looks again by itself once the node runs: `cohub up`.
before-title = This node has no network yet
before-lead = There is nothing to show before it has joined one.
before-terminal = In a terminal
before-invited = Were you invited? `cohub network join INVITE` knocks at the door of who invited you.
before-founder = Do you found a network? Each founder runs `cohub network card`, and one of you `cohub network found`.
before-demo = Do you want to see one first? `cohub demo` shows a whole network on this machine.
nothing-title = Nothing to show
nothing-joined = The node behind these pages has joined no network yet.
login-title = Log in
login-lead = These pages act for a hub. Their host made a login for them with `cohub ui --new-login`.
login-label = Login
login-wrong = This login opens nothing. A new one: `cohub ui --new-login`.

# The language in the settings
settings-language = Language
settings-language-lead = Of the pages, for this browser.
settings-language-automatic = as the browser asks
settings-language-in-part = { $language } (in part)
settings-language-save = Use this language

# Motion
motion-title = Motion
motion-dossier = Dossier
motion-closes = closes { $date }, { $when }
motion-deadline = { $when }, deadline { $date }
motion-moved = { " " }· moved by { $hub } on { $date } · { $record }
motion-decides = What you decide on
motion-effect = Effect
motion-reaches = { $hub } reaches { $stage }
motion-admission = : this is its admission
motion-rule = Rule
motion-charter-version = (charter version { $version })
motion-who-decides = Decides
motion-body = the { $body }, { $count } on the roll
motion-generation = Generation
motion-generation-fell = { $generation }, and it fell with that: it has no effect any more
motion-counted-by = Counted by
motion-counted-by-roll = those on the roll: each runs { $command } after the deadline, and again when the others have
motion-bound-to = Bound to
motion-bound-to-nothing = nothing beside itself
motion-changed = Changed since
motion-not-part = not part of this vote
motion-the-application = the application
motion-review = review { $panel } ({ $recommendation })
motion-interview = interview
motion-stands = How it stands
motion-final = final
motion-provisional = provisional
motion-quorum = Quorum: { $part }, { $need } needed: { $gap }
motion-took-part = { $have } of { $all } took part
motion-quorum-bar = { $have } of { $all } took part, { $need } needed
motion-approval = Approval: { $yes } of { $cast } votes for or against, { $need } needed: { $gap }
motion-yes = { $count } yes
motion-approval-bar = { $have } yes, { $need } needed
motion-recused = { $count } recused for a conflict of interest and left the base of { $all }.
motion-roll = Roll call
motion-seat = Seat
motion-vote = Vote
motion-cast = Cast
motion-ballot = Ballot
motion-you = { $hub } (you)
motion-conflict = { $conflict ->
        [same-hub] it is the hub that applies
        [same-country] it is in the same country
        [sponsor] it sponsors the applicant
       *[other] it declared a conflict of interest in a review
    }
motion-your-conflict = By the charter your hub has a conflict of interest: { $conflict ->
        [same-hub] it is the hub that applies
        [same-country] it is in the same country
        [sponsor] it sponsors the applicant
       *[other] it declared one in a review
    }. It has recused, and leaves every base of this vote.
motion-instead-of = { " " }instead of { " " }
choice-yes = Yes
choice-no = No
choice-abstain = Abstains
choice-recuse = Recused
choice-block = Blocks
choice-due = due
choice-not-yet = not yet
choice-none = did not vote
motion-your-ballot = Your ballot
motion-your-ballot-for = Your ballot for { $hub }
motion-not-on-the-roll = Your hub is not on this roll.
motion-voted = Your hub voted { $choice }.
motion-not-voted-yet = Your hub has not voted yet.
motion-not-voted = Your hub did not vote.
motion-tellers = Tellers
motion-is-final = Final: enough of { $count } returned the same outcome.
motion-final-when = Final when { $quorum } of { $count } return the same outcome.
motion-its-count = Its count
teller-returned = returned { $outcome }
teller-refused = refused: { $reason }
teller-closed = closed
teller-waits = waits for closing
teller-silent = not heard yet
motion-proof = Proof
motion-certificate = Certificate
motion-verify = A file that verifies without a node, by `cohub certificate verify FILE`.
motion-no-certificate = A certificate can be had once the outcome is final.
motion-as-json = This motion as JSON
motion-nowhere = { $name } is no motion that this node knows.
ballot-choice = { $choice ->
        [yes] yes
        [no] no
        [abstain] abstain
        [recuse] recuse
        [block] block
        *[other] { $choice }
    }
