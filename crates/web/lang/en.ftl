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
milliseconds-exactly = { $time } ms
bytes = { $count } B
bytes-of-a-unit = { $whole }.{ $tenth } { $unit ->
        [GB] GB
        [MB] MB
        *[kB] kB
    }
years = { $count ->
        [one] { $count } year
        *[other] { $count } years
    }
no-time = none

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
        [node] node
        [teller] teller
        [officer] officer
        *[other] { $role }
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
name = Name
made = Made
none = none
sentence = { $words }.
read-what-you-sign = Read what you sign

# Pieces of several pages
shall-it-reach = Shall { $hub } reach the stage { $stage }?
a-motion-of-the-kind = A motion of the kind { $kind }
question-resolve = The network resolves: "{ $text }"
question-manifesto = The manifesto is: "{ $text }"
question-amend = The charter is another one, "{ $title }"
question-standing = { $hub } is { $change ->
        [suspend] suspended
        [reinstate] reinstated
        [expel] expelled
        *[lapse] found not to have opened in time
    }
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
hub-more = and { $count } more, which stand under { $link }.
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
settings-zone = Time zone
settings-zone-lead = Of dates and times, for this browser.
settings-zone-automatic = as the browser says
settings-zone-save = Use this time zone
settings-zone-now = When this page was made it was { $date }.

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

# Counting rules, and how a vote stands by them
share = { $share ->
        [none] none
        [all] all
        [half] half
        [third] one third
        [two-thirds] two thirds
        [quarter] one quarter
        [three-quarters] three quarters
        *[other] { $part }/{ $whole }
    }
share-at-least = at least { $share ->
        [none] none
        [half] half
        [third] one third
        [two-thirds] two thirds
        [quarter] one quarter
        [three-quarters] three quarters
        *[other] { $part }/{ $whole }
    }
share-more-than = more than { $share ->
        [all] all
        [half] half
        [third] one third
        [two-thirds] two thirds
        [quarter] one quarter
        [three-quarters] three quarters
        *[other] { $part }/{ $whole }
    }
share-any = one or more
rule-whole = { $clauses }.
rule-unreadable = a rule that these pages cannot read
rule-approval = { $share } of { $base ->
        [cast] the yes and no votes
        [present] the yes, no and abstain votes
        *[roll] the seats that have not recused themselves
    } must be yes
rule-no-quorum = any number of seats may take part
rule-quorum = { $share } of the seats must take part, and who abstains { $counts ->
        [yes] counts
        *[no] does not count
    } as taking part
rule-consent = a single block rejects
rule-floor = after recusals, { $share } of the seats must be left
rule-early-close = the first vote of each seat counts, and voting ends once every seat has voted
stands-floor = { $count ->
        [one] { $count } seat
        *[other] { $count } seats
    } left after recusals, { $share } of the roll needed: { $gap }
stands-nothing = no { $base ->
        [cast] yes or no vote
        *[other] vote
    } was cast: nothing is decided
stands-quorum = { $have } of { $count ->
        [one] { $count } seat
        *[other] { $count } seats
    } took part, { $share } needed: { $gap }
stands-blocked = { $count ->
        [one] { $count } seat blocks
        *[other] { $count } seats block
    }: rejected, whatever the other votes are
stands-approval = { $have } of { $base ->
        [cast] { $count ->
            [one] { $count } vote cast
            *[other] { $count } votes cast
        }
        [present] { $count ->
            [one] { $count } vote, abstentions included,
            *[other] { $count } votes, abstentions included,
        }
        *[roll] { $count ->
            [one] { $count } remaining seat
            *[other] { $count } remaining seats
        }
    } { $have ->
        [1] is
        *[other] are
    } yes, { $share } needed: { $gap }

# Charter
charter-lead = The charter, version { $version }, as it stands in { $record }. Every decision is made by it.
charter-way = From prospect to co-owner
charter-signing = The new hub and { $count ->
        [one] { $count } seat
        *[other] { $count } seats
    } of the committee sign an admission; with these signatures the hub is a co-owner.
charter-rules = Counting rules
charter-manifesto = Manifesto, version { $version }
charter-unsigned = No hub has signed this version by a record of its own yet.
charter-signed = Signed by { $count ->
        [one] { $count } hub
        *[other] { $count } hubs
    }.
charter-times = Times of a vote
charter-notice = Notice
charter-at-least = at least { $time }
charter-longest = Longest
charter-grace = Grace
charter-grace-for = { $time } for ballots on their way
charter-newcomers = Newcomers
charter-sponsors = A hub may sponsor { $count ->
        [one] { $count } newcomer
        *[other] { $count } newcomers
    } at a time.
charter-writes = Each may write up to { $count ->
        [one] { $count } record
        *[other] { $count } records
    } on its way in.
charter-panels = Panels
charter-vote-needs = The vote needs { $needs }.
charter-nothing = nothing but the application
charter-documents = the documents { $documents }
charter-reviews = { $count ->
        [one] { $count } review
        *[other] { $count } reviews
    } by the panel { $panel }
charter-interview = an interview
charter-conflicts = Somebody has a conflict of interest in an application who { $conflicts }. Such a review is not counted, and such a seat has recused: it leaves every base of the vote.
conflict = { $conflict ->
        [same-hub] is of the hub that applies
        [same-country] is of a hub in the same country
        [sponsor] is of the hub that sponsors the applicant
        *[other] declared one in a review
    }
charter-blind = Its reviews are sealed until all are in, for { $time } at the longest.
charter-adopting = Adopting it is the admission.
charter-decides = The { $body } decides by the rule { $rule }.
charter-stands-for = Once reached it stands for { $time }.
charter-again-in = After a rejection it may be asked again in { $time }.
charter-calculator = What would it take?
charter-on-the-roll = On the roll
charter-count = Count
charter-needed = Quorum { $took } of { $quorum } needed; yes { $have } of { $yes } needed.

# Applications
applications-lead = From prospect to co-owner. Each step is decided by a vote that is bound to the exact dossier.
applications-none = Nobody has applied yet. A co-owner invites with `cohub network invite` and sponsors with `cohub hub sponsor`.
applications-by-stage = Applications by stage
applications-handed-in = Handed in
applications-handed-in-when = handed in { $when }
applications-ended = Ended
applications-came-to = Came to
applications-last-stage = Last stage
applications-stored = Your application is signed and stored. It stands here in a moment.
applications-can-apply = Your hub can apply
applications-claim = The register that the network was founded with has a hub of this name. By your application yours takes up its claim: the committee votes once, on the last stage.
applications-sponsored = { $hub } was sponsored. An application opens its dossier: documents, reviews and votes follow, stage by stage.
waits-vote = vote
waits-votes = The { $body } votes;
waits-signature = signature
waits-hub-signs = the hub has to sign its admission.
waits-seats-sign = { $count ->
        [one] { $count } seat of the committee has to sign.
        *[other] { $count } seats of the committee have to sign.
    }
waits-signed = signed
waits-both-sides = by both sides
waits-nothing = Nothing is next.
waits-ready = ready
waits-opening = A committee seat may open the vote on { $stage }.
waits-lacks = lacks
lacks-document = the document { $document } is missing
lacks-reviews = { $there } of { $count } reviews by the panel { $panel } are there
lacks-interview = the interview is missing

# People and keys
people-lead = Whoever holds a key can sign with it. What a key may do was granted by its hub, in a record that everybody holds.
people-own = Keys in this directory
people-none = None. `cohub init` makes a hub with its keys.
people-may = May
people-opened-by = Opened by
people-granted = Granted
people-speaks = speak for the hub
people-passphrase = a passphrase, for one act
people-node = the node itself
people-backup = A backup of them: `cohub key backup --out DIR`. No log resumes from a backup: after a loss the controller rotates with the recovery words.
people-every = Keys of every hub
people-nothing = nothing any more
people-founding = in the founding record

# Peers and sync
peers-lead = Nodes that hold the same records compute the same registry.
peers-sync = Sync
peers-missing = { $count } missing
peers-cited = records that others cite are not here yet.
peers-equal = equal
peers-nothing-missing = The last comparison with a peer found nothing missing.
peers-comparing = comparing
peers-not-compared = No comparison with a connected peer has ended yet.
peers-held = { $count ->
        [one] { $count } record
        *[other] { $count } records
    } held.
peers-nobody-heard = Nobody was heard yet.
peers-heard-now = A peer was heard just now.
peers-heard-ago = A peer was heard { $time } ago.
peers-reached = Reached
peers-of = { $connected } of { $all ->
        [one] { $all } peer
        *[other] { $all } peers
    }
peers-alone = Alone: what you write is kept here and goes to the first node that comes.
peers-attention = What needs attention
peers-title = Peers
peers-none = None is known. `cohub peer add ADDRESS` names one.
peers-node = Node
peers-round-trip = Round trip
peers-addresses = Addresses
peers-addresses-and-why = Addresses, and why the last dial failed
peers-unknown = unknown
peers-connected = connected
peers-not-reached = not reached

# Reference of the API: the frame around sentences of the OpenAPI document
reference-lead = What these pages read, for programs: { $openapi }, the same table that the routes are made of. Every answer in JSON carries `as_of`: the registry's head, the records held, how many are missing. An `ETag` changes with it. What goes wrong is { $problem }.
reference-openapi = OpenAPI 3.1
reference-a-problem = a problem with a stable type
reference-types = Types
reference-type = Type
reference-meaning = Meaning
reference-problems = Problems
reference-problems-lead = As RFC 9457 has them: `application/problem+json` with type, title, status and a sentence of detail.
reference-takes = Takes JSON:
reference-answers = Answers
reference-answers-with = Answers { $media_type }
type-text = text
type-whole = whole number
type-number = number
type-yes = true or false
type-list = list of { $item }
type-or-null = { $kind }, or null
type-any = as the protocol has it

# Dossier
dossier-application = Application
dossier-nowhere = { $name } is no application that this node knows.
dossier-lead = { $status } of { $hub }, handed in { $day } · { $record }
dossier-next = What is next
dossier-for = For { $stage }
dossier-decided-by = Decided by the { $body }, by the rule { $rule }: { $charter }.
dossier-charter = charter
in-hand = in hand: { $who }
in-hand-anybody = any panelist or seat of the committee
in-hand-nobody = nobody else sits on this panel: the assembly appoints
check-there = there
check-document = document { $document }
check-reviews = reviews by the panel { $panel }: { $there } of { $count }
dossier-way = The way
dossier-reached = (reached)
dossier-documents = Documents
dossier-no-documents = None yet. The applicant hands them in with `cohub document add FILE --type TYPE`.
dossier-document = Document
dossier-size = Size
dossier-readers = Readers
dossier-hash = Hash
dossier-version = v{ $version }
dossier-superseded = superseded
dossier-erased = erased
readers-nobody = nobody
readers-public = everybody
readers-members = members
readers-shared = those it is shared with
readers-sealed-nobody = sealed: shared with nobody yet
readers-sealed = sealed: only { $readers }
dossier-reviews = Reviews and interviews
dossier-no-reviews = None yet.
dossier-not-counted = not counted: its author { $conflict ->
        [same-hub] is of the hub that applies
        [same-country] is of a hub in the same country
        [sponsor] is of the hub that sponsors the applicant
        *[other] declared a conflict of interest
    }
dossier-what = What
dossier-by = By
dossier-says = Says
dossier-marks = Marks
dossier-review = review, panel { $panel }
opinion = { $word ->
        [accept] accept
        [decline] decline
        [more] asks for more
        [recuse] conflict of interest
        [sealed] sealed until all are in
        [favourable] favourable
        [unfavourable] unfavourable
        [postponed] postponed
        *[other] { $word }
    }
dossier-votes = Votes
dossier-no-votes = No vote was opened on it yet.
dossier-records = { $count ->
        [one] { $count } record
        *[other] { $count } records
    }
dossier-changed = { $count } changed since
dossier-signatures = Signatures under the admission
dossier-hub-itself = the hub itself
dossier-seats-sign = { $have } of the { $count ->
        [one] { $count } seat that must sign
        *[other] { $count } seats that must sign
    }
dossier-admitting-vote = The vote that admitted it

# Forms on a dossier
hand-in-title = Hand in a document
hand-in-too-large = This file is larger than { $size }.
hand-in-broken = The upload broke off; nothing was kept. Send it again.
hand-in-what = What it is
hand-in-again = { $document }: a new version
hand-in-for = { $document }, for { $stage }
hand-in-who = Who may read it
scope-members = Members
scope-members-words = Co-owners' nodes and yours can fetch it. Everybody else sees that it exists, how large it is and its hash, and no word of it.
scope-public = Everybody
scope-public-words = Any node may fetch and keep it. What was public once cannot be made secret again.
scope-sealed-words = For a few people only: `cohub document add FILE --type TYPE --scope sealed --to HUB` seals it on this machine before it goes anywhere. Others keep ciphertext, and you can add readers later.
hand-in-file = The file: choose it, or drag it here
hand-in-kinds = A document, a table or a picture of at most { $size }. A newer version takes the place of an older one; both stay on record.
hand-in-progress = Sent of the file
hand-in-send = Send it, and read what you sign
review-title = Review it
review-lead = You sit on a panel. Read the documents first: your review names the versions that are here now.
review-for = For the panel
review-wanted = { $panel }, which the next stage asks for
review-recommend = You recommend
review-accept = Go on
review-decline = Do not go on
review-more = More is needed before I can say
review-recuse = I have a conflict of interest: do not count me
review-marks = Marks, if you give any: a criterion in one word, and its points
review-example = market
review-criterion = Criterion { $number }
review-points = Points for criterion { $number }
review-words = In words, for members
interview-title = Record an interview
interview-outcome = How it went
interview-favourable = It went well
interview-unfavourable = It did not go well
interview-postponed = It was not held
interview-notes = Notes, for members
advance-title = Open the vote
advance-lead = Nothing lacks for { $stage }. The vote is bound to the dossier as it is now.
advance-for = Ballots are taken for
admission-title = Sign the admission
admission-lead = It was adopted. With the signatures of both sides the hub is a co-owner; yours is due, with the key { $key }.
written-title = You signed: { $kind }, { $when }
written-for = For { $hub }.

# What cannot be done, and why
wrong-fields = This is more than the form has fields for.
wrong-act = { $act } is nothing that can be done here.
wrong-mark = The mark { $mark } is none: a criterion is one word of small letters, digits and hyphens, and has a whole number of points.
choose = Choose the { $what ->
        [document] kind of document
        [readers] readers
        [panel] panel
        [recommendation] recommendation
        [outcome] outcome
        *[deadline] time for the vote
    }.
choose-a-file = Choose a file first.
no-key-on-a-panel = No key in this directory sits on a panel.
no-key-acts = No key in this directory acts for this hub: `cohub person add` makes one.
no-key-votes = No key in this directory votes for this hub: `cohub person add` makes one.
no-controller = The key of this hub's controller does not lie in this directory.
text-too-long = This text has at most { $most } bytes, and has { $count }.
name-not-attached = The name { $name } cannot be attached: it is too long, or has letters that no name has.
upload-gone = This file was handed in already, or waited for longer than an hour; nothing was signed now. Choose it again.
upload-not-kept = The file cannot be kept here ({ $why }); nothing of it was.
upload-empty = { $name } is empty; nothing was kept.
upload-another = { $name } is not what its name says: nobody could open it. Nothing was kept. Save it anew from the program that made it.
upload-kind = { $name } is of a kind that is not taken here: readers open documents, tables and pictures ({ $kinds }). Nothing was kept. A PDF can be opened by everybody.
upload-too-large = The file is larger than { $size }; nothing was kept.
upload-cut-off = The upload was cut off before it was whole; nothing was kept. Send it again.

# What is about to be signed
deed-applies = Your hub applies for co-ownership.
deed-claims = Your hub takes up its claim { $claim }, and applies for co-ownership.
deed-about = About the application of { $hub }
sign-title = What you sign
sign-wrong-passphrase = The passphrase does not open this key. Nothing was signed.
sign-changed = Something came in between, and the record would say something else now. Nothing was signed: read it again.
sign-in-words = In words
sign-nothing-with-it = Nothing goes with it.
sign-to-the-letter = To the letter
sign-place = number { $seq } of the key { $key }
sign-body-words = The body is DAG-CBOR in hexadecimal. The date, the network and a hash of what goes with it are signed as well.
sign-it = Sign it
sign-passphrase = Passphrase of the key { $key }
sign-passphrase-words = It opens the key for this one signature, in this process, and is kept nowhere.
sign-button = Sign and hand in
sign-back = Back
sign-with-text = With this text, for { $readers }:
sign-with-file = With the file { $name }, { $size }, { $media_type }, for { $readers }.
sign-file-hash = BLAKE3 of its content: { $hash }
steps-signed = signed
steps-stored = stored here
steps-held = held by { $count ->
        [one] { $count } peer
        *[other] { $count } peers
    }
steps-on-no-peer = on no peer yet
steps-counted = counted
steps-not-counted = not counted yet
steps-replaced = replaced by a later one
steps-alone = No other node is connected: it goes to the first that comes.

# Ballot
ballot-choose = Choose how you vote.
ballot-yes = Yes
ballot-no = No
ballot-abstain = Abstain
ballot-recuse = Recuse: I have a conflict of interest
ballot-block = Block: it must not pass
ballot-first-counts = By this rule the first ballot of each seat counts: it cannot be changed.
ballot-can-change = You can change it until closing.
ballot-rule-says = Whether it can be changed is for the rule to say.
ballot-reason = Reason, seen by members
ballot-key = Signed with the key

# Invite
invite-lead = An invite is good for one knock at your door. You still see who knocks before you vouch for anybody: `cohub hub sponsor`.
invite-choose = Choose for how long it is good.
invite-no-member = Only a co-owner can sponsor whom it invites, and your hub is none yet.
invite-make = Make an invite
invite-another = Make another
invite-good-for = Good for
invite-in-words = In words, for a message
invite-words-who = { $hub } invites you to { $network }.
invite-words-init = Install cohub, and begin your hub with: `cohub init`
invite-words-up = Start its node and its pages: `cohub up --ui`
invite-words-paste = Paste this invite there, under First steps:
invite-link = As a link
invite-link-words = For machines on which cohub is installed. In a terminal: `cohub network join INVITE` takes the link, too.
invite-picture = As a picture
invite-picture-label = The invite as a QR code; the words beside it say the same
invite-picture-words = Whoever photographs it has the invite: show it to nobody else.
invite-too-long = This invite is too long for a picture: the node listens on very many addresses.
invite-until = Good for one knock, until { $date }.
invite-unusable = This cannot be used: { $why }. Copy it once more, from its first letter to its last.
invite-over = This invite is over. Ask the hub that sent it for another.

# Records
records-lead = Everything that is known stands in these: signed by one key, held by all. The newest first, by their authors' clocks.
records-none = No record is like this.
records-older = Older records
record-kind-title = Kind
record-kind = { $kind ->
        [founding] founding
        [inception] inception
        [rotate] rotate
        [grant] grant
        [sponsor] sponsor
        [application] application
        [document] document
        [review] review
        [interview] interview
        [sign] sign
        [profile] profile
        [motion] motion
        [ballot] ballot
        [closing] closing
        [return] return
        [handover] handover
        [withdraw] withdraw
        [erase] erase
        [share] share
        *[other] { $kind }
    }
record-place = Place
record-verdict = Verdict
verdict-valid = valid
verdict-pending = pending
verdict-void = void
record-of-the-kind = A record of the kind { $kind }
record-written = · written { $date } by its author's clock
record-decoded = Decoded
record-attachments = Attachments
record-raw = Raw
record-raw-words = Author, signature and header, as they were signed. The id covers every byte; the signature was verified before this was decoded.
record-where = Where it stands
record-author = Author
record-of-hub = of { $hub }
record-after = , after { $record }
record-builds-on = It builds on
record-builds-on-nothing = Nothing but its place.
record-body = Body
record-cited-by = It is cited by
record-cited-by-nothing = Nothing that is held here.

# Settings
settings-lead = Each value, and where it comes from: a flag, the environment, a file, or the default.
settings-of-the-node = Of the node in { $directory }
settings-wrong = wrong
settings-setting = Setting
settings-value = Value
settings-from = From
origin-flag = flag
origin-default = default
settings-change = Change one with `cohub config set KEY VALUE`; a node that runs takes it up when it is started again.
settings-pages = These pages
settings-pages-codes = They are for browsers that opened an address of `cohub ui --print`. Such an address works once, within an hour; the cookie that it leaves ends with this server.
settings-pages-elsewhere = Other machines reach them only by TLS, under the names in `page_names`, and with the login that `cohub ui --new-login` made.
settings-copies = Copies of keys
settings-missing = missing
settings-no-copy = No copy was made of { $keys }. Keep one elsewhere: `cohub key backup --out FILE`.
settings-last-copy = The last copy is of { $day }.
settings-copied = The last one was made on { $day }, and holds every key of a person here.
settings-no-keys = There are no keys to copy. `cohub init` makes a hub's first ones.
settings-tokens = Tokens
settings-no-tokens = None. `cohub token create --label NAME --scope read` makes one for a program; none can sign.
settings-opens = Opens

# First steps
begin-lead = From an empty node to the first vote: { $done } of { $all } are done.
begin-only-you = What only you can know
begin-words = The 24 recovery words that `cohub init` showed once lie on paper, where no computer reads them. They make your hub's next key if this machine is lost.
begin-backup = The keys are backed up: `cohub key backup --out DIR`.
begin-passphrase = The passphrase is in somebody's head, or in a password manager.
begin-done = done
begin-next = next
begin-later = later
step-hub = The hub has a name and keys
step-hub-words = `cohub init` makes them, and shows the recovery words once.
step-node = Its node runs
step-node-words = `cohub up` starts it; `cohub service install` starts it with the machine.
step-network = It is in a network
step-network-words = With an invite of a hub that is in one: paste it here. In hand: a co-owner, who makes it.
step-hears = It hears other nodes
step-hears-words = In hand: the network between you. { $link } says what each address answered.
step-sponsored = A co-owner sponsors it
step-sponsored-words = In hand: the hub that invited you. It sees your hub at its door, and vouches for it: `cohub hub sponsor`.
step-applied = It applied
step-applied-words = In hand: you. { $link } has the button, as soon as you are sponsored.
step-dossier = Its dossier has what the next stage asks for
step-dossier-words = In hand: you for documents, panelists for reviews.
step-dossier-says = { $link } says what lacks.
step-your-dossier = Your dossier
step-member = Both sides signed: it is a co-owner
step-member-words = In hand: the committee, which votes on each stage, and at the end you and its seats, who sign.
step-how-far = How far it is
step-votes = Somebody may vote for it
step-votes-words = In hand: you. `cohub person add NAME --role representative` gives somebody a key.
step-voted = Its first vote is cast
step-voted-words = In hand: you. { $link }
step-no-vote = No motion waits for your vote. The next in which your hub has a seat, or a vote in the assembly, stands under { $link }.
begin-from-here = From here to the first vote
begin-knocks = It knocks
begin-knocks-words = Your hub's first records are signed. The node knocks at the door of the hub that invited it until that hub sponsors it; this page goes on by itself then.
begin-join = Join with an invite
begin-invite = The invite that you were sent, whole: it begins with `cohubinvite1`
begin-as = As { $hub }, { $city }.
begin-no-hub = This directory has no hub: `cohub init`.
begin-first-records = Your hub's first records: who it is, and which keys act for it.
begin-wrong-passphrase = The passphrase does not open your keys. Nothing was signed.
begin-begins = { $hub } begins as a hub of this network. Everybody in it reads this, and it stays.
begin-controller = Controller
begin-network = Network
begin-knocks-at = Knocks at
begin-good-until = Good until
begin-grants = With it go grants of your node's key and of your representative's.
begin-passphrase-of = Passphrase of your keys
begin-passphrase-words = It opens them for these records, in this process, and is kept nowhere.
begin-sign = Sign and knock
begin-not-done = Not done
begin-back = To the first steps

# What another version of the charter changes
changes-title = What changes
changes-lead = Two versions of the charter, clause by clause. What stays the same is counted below.
changes-only-one = The charter of the founding is in force: there is no other version yet. `cohub motion open amend FILE` asks for one.
changes-nowhere = { $name } is no version of the charter that this node knows.
changes-versions = Versions
changes-version = Version { $version }
changes-since = since { $day }:
changes-proposed = Proposed: { $title }
changes-from = From
changes-to = To
changes-of-the-motion = What it changes in the charter
changes-old = As it is
changes-new = As it would be
changes-clause = Clause
changes-added = new
changes-removed = gone
changes-changed = changed
changes-not-there = —
changes-none = Nothing: both say the same, word for word.
changes-same = { $count ->
        [one] { $count } clause stays as it is.
        *[other] { $count } clauses stay as they are.
    }
changes-admission = Admission
changes-conflicts = Conflicts of interest
changes-stage = Stage { $stage }
changes-panel = Panel { $panel }
changes-rule = Rule { $rule }
matter = { $matter ->
        [resolve] Resolutions
        [appoint] Panels
        [suspend] Suspending a hub
        [reinstate] Reinstating a hub
        [expel] Expelling a hub
        [lapse] A hub that did not open in time
        [recover] Rival rotations of keys
        [seat] The next committee
        [amend] Another charter
        [manifesto] Another manifesto
        *[other] { $matter }
    }

# Who is not let in, and what is not here
refusal-title = Not let in
refusal = { $why ->
        [wrong-host] These pages answer under their own address only. Open the address that `cohub ui` printed.
        [wrong-origin] A page of another origin asked for this; nothing was answered or changed.
        [cross-site] Another site led here, so nothing was answered or changed. Type the address yourself.
        [no-origin] The request does not say which page it comes from; nothing was changed.
        [scope] This token does not open that; `cohub token list` says what it opens.
        *[not-let-in] This browser was not let in. Run `cohub ui --print` in a terminal of this machine and open the address that it prints.
    }
bad-code-title = This code opens nothing
bad-code = { $why ->
        [used] This code was used already. If that was not you, somebody else read it.
        [old] This code is more than an hour old.
        *[unknown] This code was not made by the server that runs now.
    } Run `cohub ui --print` in a terminal of this machine.
unreadable-title = This cannot be read
unreadable = { $why ->
        [too-large] What was sent is larger than this address takes.
        *[unreadable] The address, or what was sent to it, cannot be read.
    }
nowhere-title = Not found
nowhere = There is nothing at this address.
