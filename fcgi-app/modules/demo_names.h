/* demo_names.h: what the people and firms of the demo company are called. Given names and family
 * names by culture, each as written and in ASCII for their mail addresses. Invented combinations of
 * common names. */
#pragma once
/* clang-format off */

struct name { const char *written, *ascii; };
struct culture {
	const char *country, *dial;
	bool family_first;
	struct name given[12], family[12];
	const char *cities[5];
};

static const struct culture cultures[] = {
	{ "Germany", "+49", false,
	  { { "Lena", "lena" }, { "Jürgen", "juergen" }, { "Katharina", "katharina" }, { "Matthias", "matthias" }, { "Sabine", "sabine" }, { "Björn", "bjoern" },
	    { "Anke", "anke" }, { "Florian", "florian" }, { "Heike", "heike" }, { "Tobias", "tobias" }, { "Mareike", "mareike" }, { "Uwe", "uwe" } },
	  { { "Müller", "mueller" }, { "Schäfer", "schaefer" }, { "Vogel", "vogel" }, { "Köhler", "koehler" }, { "Brandt", "brandt" }, { "Weiß", "weiss" },
	    { "Hoffmann", "hoffmann" }, { "Böhm", "boehm" }, { "Krüger", "krueger" }, { "Lang", "lang" }, { "Seidel", "seidel" }, { "Arnold", "arnold" } },
	  { "Berlin", "München", "Hamburg", "Köln", "Leipzig" } },
	{ "France", "+33", false,
	  { { "Chloé", "chloe" }, { "Étienne", "etienne" }, { "Amélie", "amelie" }, { "Julien", "julien" }, { "Margaux", "margaux" }, { "Rémi", "remi" },
	    { "Élodie", "elodie" }, { "Guillaume", "guillaume" }, { "Inès", "ines" }, { "Benoît", "benoit" }, { "Camille", "camille" }, { "Théo", "theo" } },
	  { { "Lefèvre", "lefevre" }, { "Moreau", "moreau" }, { "Garnier", "garnier" }, { "François", "francois" }, { "Chevalier", "chevalier" }, { "Dupré", "dupre" },
	    { "Marchand", "marchand" }, { "Béranger", "beranger" }, { "Rousseau", "rousseau" }, { "Noël", "noel" }, { "Perrin", "perrin" }, { "Gautier", "gautier" } },
	  { "Paris", "Lyon", "Nantes", "Lille", "Toulouse" } },
	{ "Poland", "+48", false,
	  { { "Łukasz", "lukasz" }, { "Agnieszka", "agnieszka" }, { "Paweł", "pawel" }, { "Małgorzata", "malgorzata" }, { "Grzegorz", "grzegorz" }, { "Zofia", "zofia" },
	    { "Michał", "michal" }, { "Ewa", "ewa" }, { "Tomasz", "tomasz" }, { "Joanna", "joanna" }, { "Jakub", "jakub" }, { "Kinga", "kinga" } },
	  { { "Wiśniewski", "wisniewski" }, { "Kowalczyk", "kowalczyk" }, { "Zając", "zajac" }, { "Wójcik", "wojcik" }, { "Dąbrowski", "dabrowski" }, { "Król", "krol" },
	    { "Nowak", "nowak" }, { "Jabłoński", "jablonski" }, { "Pietrzak", "pietrzak" }, { "Sikora", "sikora" }, { "Górski", "gorski" }, { "Mazur", "mazur" } },
	  { "Warszawa", "Kraków", "Gdańsk", "Wrocław", "Łódź" } },
	{ "Spain", "+34", false,
	  { { "Lucía", "lucia" }, { "Álvaro", "alvaro" }, { "Marta", "marta" }, { "Iñaki", "inaki" }, { "Sofía", "sofia" }, { "Javier", "javier" },
	    { "Nuria", "nuria" }, { "Andrés", "andres" }, { "Carmen", "carmen" }, { "Raúl", "raul" }, { "Pilar", "pilar" }, { "Óscar", "oscar" } },
	  { { "García", "garcia" }, { "Núñez", "nunez" }, { "Ibáñez", "ibanez" }, { "Ortega", "ortega" }, { "Muñoz", "munoz" }, { "Serrano", "serrano" },
	    { "Peña", "pena" }, { "Vidal", "vidal" }, { "Domínguez", "dominguez" }, { "Cortés", "cortes" }, { "Molina", "molina" }, { "Rivas", "rivas" } },
	  { "Madrid", "Barcelona", "Sevilla", "Bilbao", "Valencia" } },
	{ "United Kingdom", "+44", false,
	  { { "Olivia", "olivia" }, { "Harry", "harry" }, { "Imogen", "imogen" }, { "Callum", "callum" }, { "Freya", "freya" }, { "Rhys", "rhys" },
	    { "Siobhán", "siobhan" }, { "Alistair", "alistair" }, { "Priya", "priya" }, { "George", "george" }, { "Niamh", "niamh" }, { "Oscar", "oscar" } },
	  { { "O'Brien", "obrien" }, { "Hughes", "hughes" }, { "MacLeod", "macleod" }, { "Whitfield", "whitfield" }, { "Patel", "patel" }, { "Ashworth", "ashworth" },
	    { "Llewellyn", "llewellyn" }, { "Barnes", "barnes" }, { "Fairclough", "fairclough" }, { "Okafor", "okafor" }, { "Stokes", "stokes" }, { "Lowe", "lowe" } },
	  { "London", "Manchester", "Leeds", "Bristol", "Glasgow" } },
	{ "Türkiye", "+90", false,
	  { { "Ayşe", "ayse" }, { "Çağlar", "caglar" }, { "Zeynep", "zeynep" }, { "Emre", "emre" }, { "Gülay", "gulay" }, { "İbrahim", "ibrahim" },
	    { "Şule", "sule" }, { "Okan", "okan" }, { "Elif", "elif" }, { "Barış", "baris" }, { "Defne", "defne" }, { "Kerem", "kerem" } },
	  { { "Yılmaz", "yilmaz" }, { "Öztürk", "ozturk" }, { "Çelik", "celik" }, { "Şahin", "sahin" }, { "Aydın", "aydin" }, { "Koç", "koc" },
	    { "Güneş", "gunes" }, { "Arslan", "arslan" }, { "Doğan", "dogan" }, { "Kaya", "kaya" }, { "Polat", "polat" }, { "Erdem", "erdem" } },
	  { "İstanbul", "Ankara", "İzmir", "Bursa", "Antalya" } },
	{ "Japan", "+81", true,
	  { { "美咲", "misaki" }, { "大輔", "daisuke" }, { "陽菜", "hina" }, { "健太", "kenta" }, { "さくら", "sakura" }, { "翔太", "shota" },
	    { "由美", "yumi" }, { "誠", "makoto" }, { "葵", "aoi" }, { "直樹", "naoki" }, { "千尋", "chihiro" }, { "拓也", "takuya" } },
	  { { "佐藤", "sato" }, { "鈴木", "suzuki" }, { "高橋", "takahashi" }, { "田中", "tanaka" }, { "渡辺", "watanabe" }, { "伊藤", "ito" },
	    { "山本", "yamamoto" }, { "中村", "nakamura" }, { "小林", "kobayashi" }, { "加藤", "kato" }, { "吉田", "yoshida" }, { "松本", "matsumoto" } },
	  { "東京", "大阪", "名古屋", "福岡", "札幌" } },
	{ "China", "+86", true,
	  { { "伟", "wei" }, { "芳", "fang" }, { "秀英", "xiuying" }, { "敏", "min" }, { "静", "jing" }, { "强", "qiang" },
	    { "磊", "lei" }, { "洋", "yang" }, { "艳", "yan" }, { "勇", "yong" }, { "娟", "juan" }, { "杰", "jie" } },
	  { { "王", "wang" }, { "李", "li" }, { "张", "zhang" }, { "刘", "liu" }, { "陈", "chen" }, { "杨", "yang" },
	    { "赵", "zhao" }, { "黄", "huang" }, { "周", "zhou" }, { "吴", "wu" }, { "徐", "xu" }, { "孙", "sun" } },
	  { "上海", "北京", "深圳", "广州", "成都" } },
	{ "Korea", "+82", true,
	  { { "민준", "minjun" }, { "서연", "seoyeon" }, { "지훈", "jihoon" }, { "수빈", "subin" }, { "하은", "haeun" }, { "도윤", "doyun" },
	    { "지우", "jiwoo" }, { "현우", "hyunwoo" }, { "예린", "yerin" }, { "성민", "seongmin" }, { "유진", "yujin" }, { "태현", "taehyun" } },
	  { { "김", "kim" }, { "이", "lee" }, { "박", "park" }, { "최", "choi" }, { "정", "jung" }, { "강", "kang" },
	    { "조", "cho" }, { "윤", "yoon" }, { "장", "jang" }, { "임", "lim" }, { "한", "han" }, { "오", "oh" } },
	  { "서울", "부산", "인천", "대구", "대전" } },
	{ "Ukraine", "+380", false,
	  { { "Олена", "olena" }, { "Андрій", "andriy" }, { "Ірина", "iryna" }, { "Тарас", "taras" }, { "Наталія", "nataliya" }, { "Богдан", "bohdan" },
	    { "Юлія", "yuliya" }, { "Максим", "maksym" }, { "Оксана", "oksana" }, { "Дмитро", "dmytro" }, { "Софія", "sofiya" }, { "Роман", "roman" } },
	  { { "Шевченко", "shevchenko" }, { "Бондаренко", "bondarenko" }, { "Коваленко", "kovalenko" }, { "Мельник", "melnyk" }, { "Ткачук", "tkachuk" },
	    { "Кравець", "kravets" }, { "Лисенко", "lysenko" }, { "Гончар", "honchar" }, { "Поліщук", "polishchuk" }, { "Савчук", "savchuk" }, { "Руденко", "rudenko" },
	    { "Мороз", "moroz" } },
	  { "Київ", "Львів", "Одеса", "Харків", "Дніпро" } },
	{ "Egypt", "+20", false,
	  { { "فاطمة", "fatima" }, { "محمد", "mohamed" }, { "نور", "nour" }, { "أحمد", "ahmed" }, { "ليلى", "layla" }, { "يوسف", "youssef" },
	    { "مريم", "mariam" }, { "خالد", "khaled" }, { "هبة", "heba" }, { "عمر", "omar" }, { "سلمى", "salma" }, { "طارق", "tarek" } },
	  { { "حسن", "hassan" }, { "علي", "ali" }, { "إبراهيم", "ibrahim" }, { "منصور", "mansour" }, { "فاروق", "farouk" }, { "سالم", "salem" },
	    { "نجيب", "naguib" }, { "رشدي", "roshdy" }, { "عثمان", "osman" }, { "شريف", "sherif" }, { "زكي", "zaki" }, { "فهمي", "fahmy" } },
	  { "القاهرة", "الإسكندرية", "الجيزة", "أسوان", "طنطا" } },
	{ "India", "+91", false,
	  { { "अनन्या", "ananya" }, { "राहुल", "rahul" }, { "दिव्या", "divya" }, { "विक्रम", "vikram" }, { "पूजा", "pooja" }, { "अमित", "amit" },
	    { "नेहा", "neha" }, { "संजय", "sanjay" }, { "किरण", "kiran" }, { "रोहन", "rohan" }, { "मीरा", "meera" }, { "अर्जुन", "arjun" } },
	  { { "शर्मा", "sharma" }, { "वर्मा", "verma" }, { "गुप्ता", "gupta" }, { "सिंह", "singh" }, { "जोशी", "joshi" }, { "मेहता", "mehta" },
	    { "अय्यर", "iyer" }, { "नायर", "nair" }, { "देसाई", "desai" }, { "चौहान", "chauhan" }, { "मिश्रा", "mishra" }, { "कपूर", "kapoor" } },
	  { "मुंबई", "दिल्ली", "बेंगलुरु", "पुणे", "चेन्नई" } },
};

static const char *const firm_first[] = { "Nord", "Alpen", "Blue", "Silver", "Delta", "Harbour", "Summit", "Green", "Atlas", "Polar", "Rhein", "Lumen", "Cedar",
	"Orion", "Quartz", "Vista", "Amber", "Falcon", "Maple", "Terra" };
static const char *const firm_second[] = { "Logistics", "Robotics", "Foods", "Energy", "Textiles", "Optics", "Software", "Pharma", "Steel", "Travel", "Print",
	"Systems", "Glass", "Motors", "Design", "Media", "Works", "Labs", "Trading", "Gardens" };
static const char *const firm_last[] = { "GmbH", "SAS", "Ltd", "AG", "S.L.", "Sp. z o.o.", "K.K.", "Inc.", "Co.", "Group" };
static const char *const industries[] = { "Logistics", "Manufacturing", "Food", "Energy", "Retail", "Health", "Software", "Media", "Construction", "Tourism" };
static const char *const job_titles[] = { "Head of Purchasing", "Managing Director", "Plant Manager", "IT Lead", "Office Manager", "Operations Manager", "Chief Financial Officer",
	"Project Manager", "Facility Manager", "Marketing Lead", "Buyer", "Assistant to the Board" };
static const char *const products[] = { "Starter plan", "Team plan", "Enterprise plan", "Onboarding", "Support contract", "Training", "Migration", "Integration" };
static const char *const team_names[] = { "North", "South", "West", "East", "Key accounts", "Partners" };
static const char *const task_titles[] = { "Call back about the offer", "Send the revised quote", "Prepare the demo", "Ask for the signed contract", "Check in after delivery",
	"Plan the kick-off", "Send references", "Clarify the payment terms", "Invite to the webinar", "Update the forecast" };
static const char *const call_summaries[] = { "First call: interested, wants numbers", "Talked about the timeline", "Left a message", "Demo went well, two open questions",
	"Price is the sticking point", "Decision moved to next month", "Introduced to the technical lead", "Sent the contract", "Agreed on a pilot", "Asked for a second offer" };
static const char *const note_texts[] = { "Prefers to be called in the morning.", "Budget is approved once a year, in November.", "Knows us from the fair; had looked at two competitors.",
	"Decides together with the works council: plan for three weeks more.", "Very happy with support. Would act as a reference.", "Contract runs out in spring: start talking in January.",
	"Wants everything in writing.", "New management since summer; the old contact has left." };
static const char *const lost_reasons[] = { "Price", "Chose a competitor", "No budget this year", "No answer any more", "Built it themselves" };
static const char *const tag_names[] = { "VIP", "Newsletter", "Fair 2026", "Reference", "Partner", "At risk", "Renewal", "Prospect" };
static const char *const source_names[] = { "Website", "Referral", "Trade fair", "Cold call", "Partner", "Newsletter" };
/* clang-format on */
