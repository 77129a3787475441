package index

import "strings"

// everyday says whether word is everyday English, which a small vocabulary may lack without its being misspelt:
// otherwise "wife" would be read as "wide" and "trust" as "thrust".
func everyday(word string) bool {
	return strings.Contains(everydayWords, " "+word+" ")
}

// everydayWords are words of four letters and more, each between two spaces. Only words that no document has are
// looked up, so reading through it costs less than a table would at start.
const everydayWords = "" +
	" able accept access account across action actually address advice afraid afternoon against agree ahead allow" +
	" almost alone along already although always amount anger angry animal another answer anybody anymore anyone" +
	" anything anyway anywhere apart apple area arrive article asked asking attempt aunt autumn average avoid awake" +
	" award aware away awful baby back badly bank bathroom beach bear beat beautiful became become bedroom been began" +
	" begin behind believe belong best better beyond bicycle bird birth birthday black blame blood blue board boat" +
	" body book border bored boring born borrow boss bother bottle bottom bought bowl brain bread break breakfast" +
	" breath bright bring broke broken brother brought brown build building built burn business busy butter button" +
	" buying cake call called calm came camera camp care careful carry cause central certain chair chance change" +
	" cheap check cheese chest chicken child children choice choose chose church circle city clean clear climb clock" +
	" close closed clothes cloud coat coffee cold come comfort coming common complain complete condition contact" +
	" contain contract control cook cool copy corn corner correct cost count country couple course cousin cover crazy" +
	" create cross crowd cupboard current customer dance danger dark data daughter dead deal dear death decide" +
	" decided deep degree delay demand depend desk despite destroy detail develop died diet differ difference" +
	" different difficult dinner direct dirty discuss dish distance doctor does doing door double doubt down dozen" +
	" draw dream dress drink drive driver drop during dust each early earn earth easily east easy eating effect" +
	" effort eight either else empty enemy energy engine enjoy enough enter entire equal escape even evening event" +
	" ever every everybody everyone everything everywhere exact exactly exam example except excuse expect expensive" +
	" explain extra face fact fail fair fall false family famous farm fast father fault favorite favourite fear feed" +
	" feel feeling feet fell felt female fight figure fill film final finally find fine finger finish fire first fish" +
	" five fixed flat flight floor flower follow following food foot force foreign forest forever forget forgot form" +
	" former forward found four free fresh friend front fruit full funny further future game garden gate gave general" +
	" gentle gets getting girl give given giving glad glass goes going gold gone good goodbye grade grand grandfather" +
	" grandmother grass great green grew grey ground group grow grown guess guest guide hair half hall hand handle" +
	" hang happen happened happy hard hardly hate have having head health healthy hear heard heart heat heavy height" +
	" held help helped helpful hence here herself hide high higher hill himself hobby hold holiday home honest hope" +
	" horse hospital hotel hour hours house however huge human hundred hungry hurry hurt husband idea imagine" +
	" important improve include increase indeed inside instead interest interested interesting island issue item" +
	" itself join joke journey juice jump keep kept kids kill kind kitchen knee knew knife know known lady lake land" +
	" language large last late lately later laugh lazy lead leaf learn least leave left legs length less letter life" +
	" lift light like likely limit line lips list listen little live lives living local lonely long longer look" +
	" looking lose losing loss lost loud love lovely lower luck lucky lunch made mail main make makes making male" +
	" manage many mark market marriage married match matter maybe meal mean meaning meant measure meat medicine meet" +
	" meeting member memory mention message metal middle might mile milk million mind minute mirror miss mistake" +
	" mixed modern moment money month months mood moon more morning most mother mountain mouse mouth move movie much" +
	" music must myself name narrow nature near nearly necessary neck need needed needs neighbor neighbour neither" +
	" nervous never news next nice night nine nobody noise none noon normal north nose note nothing notice nowadays" +
	" nowhere number object ocean offer office often older once ones online open opinion opposite orange order other" +
	" others ourselves outside over owner pack page paid pain paint pair paper parent parents park part particular" +
	" party pass past path patient pause peace pencil people pepper perfect perhaps period person phone photo phrase" +
	" pick picture piece pink place plain plan plane plant plate play player please pleasure plenty pocket point" +
	" police polite poor popular position possible post potato pound power practice practise prefer prepare present" +
	" pretty prevent price print prison private prize probably problem produce program promise proper protect proud" +
	" prove provide public pull pure purple purpose push putting quality quarter queen question quick quickly quiet" +
	" quite race radio rain raise range rather reach read reading ready real really reason receive recent refuse" +
	" regret relax remain remember remind remove rent repair repeat reply report rest result return rice rich ride" +
	" right ring rise risk river road rock role roof room rose rough round rule rules running rush sadly safe safety" +
	" said sail salt same sand save saved saying says school science score season seat second secret seem seems seen" +
	" self sell send sense sent serious serve seven several shall shame shape share sharp sheep sheet ship shirt" +
	" shock shoe shoes shop short should shoulder shout show shower shut sick side sight sign silent silly silver" +
	" similar simple simply since sing single sister size skin sleep slept slow slowly small smart smell smile smoke" +
	" snow society soft sold soldier some somebody somehow someone something sometimes somewhere song soon sorry sort" +
	" soul sound soup south space speak special speech speed spend spent spoke spoon sport spread spring square stage" +
	" stairs stand star start state station stay steal step stick still stomach stone stood stop store storm story" +
	" straight strange stranger street strike strong student study stuff stupid style subject succeed success sudden" +
	" suddenly sugar suggest summer sunday suppose sure surely surprise sweet swim system table take taken takes" +
	" taking talk tall taste taught teach teacher teeth tell telling tends term test thank thanks that theatre their" +
	" themselves then there therefore these they thick thin thing things think third thirty this those though thought" +
	" thousand threat three through throw thus ticket tight till time times tired title today together told tomorrow" +
	" tongue tonight took tooth touch tough toward towards town trade traffic train travel treat tree tried trip" +
	" trouble truck true trust truth trying turn twelve twenty twice type uncle under understand unless until unusual" +
	" upper upset used useful useless user using usual usually vacation value various vegetable very view village" +
	" visit voice vote wait waiting wake walk wall want wanted wants warm warn wash waste watch water weak wear" +
	" weather wedding week weekend weeks weight welcome well went were west what wheel when where whether which while" +
	" white whole whom whose wide wife wild will willing wind window wine winter wise wish with within without woman" +
	" women wonder wonderful wood word words work worked worker working works world worry worse worst worth would" +
	" write writing written wrong wrote yard yeah year years yellow yesterday young your yourself youth zero "
