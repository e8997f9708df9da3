/*
 * header_targets.c: the fields that an imported column can be, and the names that programs and
 * people give such columns: Google Contacts (old and new), Outlook, Thunderbird, Roundcube, other
 * CRMs; English, German, French, Spanish, Japanese. header_guess.h says how an alias is written.
 * What is missing here costs a person one choice in a form; what is wrong here costs them trust.
 */
#include "core/header_guess.h"

#define ALIASES(...) \
	(const char *const[]) { __VA_ARGS__, NULL }

static const char *const email_types[] = { "work", "home", "other", NULL };
static const char *const phone_types[] = { "work", "home", "mobile", "fax", "pager", "other",
	NULL };
static const char *const address_types[] = { "work", "home", "billing", "delivery", "other", NULL };

static const char *const email_names[] = { "e-mail # value", "e-mail # address", "e-mail address #",
	"e-mail #", "email id", "mail", "e-mail-adresse #", "e-mail # adresse", "mailadresse",
	"adresse e-mail #", "adresse mail", "adresse de messagerie #", "courriel #",
	"adresse électronique", "adresse courriel", "correo electrónico #", "correo",
	"dirección de correo electrónico #", "dirección de correo", "メールアドレス #", "メール #",
	"電子メールアドレス #", "電子メール # アドレス", "電子メール #", "eメール #",
	"e-mailアドレス #", NULL };

static const char *const phone_names[] = { "phone # value", "phone #", "phone number #",
	"telephone #", "telephone number #", "tel #", "tel no", "mobile #=mobile",
	"mobile phone #=mobile", "mobile number #=mobile", "mobile telephone=mobile",
	"cell #=mobile", "cell phone #=mobile", "cellular=mobile", "cell number=mobile",
	"fax #=fax", "fax number #=fax", "fax phone=fax", "facsimile=fax", "pager #=pager",
	"pager number=pager", "car phone=other", "radio phone=other", "callback=other",
	"phone video=other", "assistant's phone=other", "company main phone=work",
	"direct phone=work", "direct dial=work", "switchboard=work", "telefon #", "telefonnummer #",
	"telefon-nr", "rufnummer", "handy #=mobile", "handynummer=mobile", "mobil #=mobile",
	"mobiltelefon #=mobile", "mobilnummer=mobile", "mobilfunk=mobile", "telefax #=fax",
	"faxnummer=fax", "durchwahl=work", "téléphone #", "numéro de téléphone",
	"téléphone mobile=mobile", "tél mobile=mobile", "portable=mobile",
	"téléphone portable=mobile", "télécopie=fax", "télécopieur=fax", "teléfono #",
	"número de teléfono", "móvil=mobile", "teléfono móvil=mobile", "celular=mobile",
	"número de móvil=mobile", "電話 #", "電話番号 #", "tel番号", "携帯=mobile",
	"携帯電話=mobile", "携帯番号=mobile", "携帯電話番号=mobile", "fax番号=fax",
	"ファックス=fax", "ファクス=fax", "ポケベル=pager", NULL };

static const char *const website_names[] = { "website #", "web site", "web page #",
	"website # value", "website home page", "website work", "home page", "homepage", "url",
	"company website", "personal web page", "business web page", "company domain name",
	"domain", "web", "webseite", "internetseite", "internetadresse", "site web",
	"site internet", "page web", "sitio web", "página web", "ホームページ", "ウェブサイト",
	"webサイト", "webページ", NULL };

static const char *const notes_names[] = { "notes", "note", "comments", "comment", "remarks",
	"remark", "description", "memo", "notizen", "notiz", "bemerkungen", "bemerkung",
	"anmerkungen", "kommentar", "beschreibung", "remarques", "commentaires", "commentaire",
	"notas", "nota", "comentarios", "observaciones", "メモ", "備考", "ノート", NULL };

static const char *const tags_names[] = { "tags", "tag", "labels", "label", "categories",
	"category", "group membership", "groups", "group", "kategorien", "kategorie",
	"schlagwörter", "schlagworte", "etiketten", "gruppe", "gruppen", "catégories", "catégorie",
	"étiquettes", "mots clés", "groupe", "categorías", "categoría", "etiquetas", "grupos",
	"カテゴリ", "分類", "分類項目", "タグ", "ラベル", "グループ", NULL };

static const char *const source_names[] = { "source", "lead source", "original source", "origin",
	"lead origin", "acquisition channel", "how did you hear about us", "quelle", "herkunft",
	"leadquelle", "provenance", "origine", "fuente", "origen", "流入元", "獲得元", "情報源",
	NULL };

static const char *const owner_names[] = { "owner", "owner email", "owner name", "owner full name",
	"sales agent", "sales rep", "sales representative", "sales person", "salesperson", "agent",
	"account manager", "account executive", "assigned to", "assignee", "responsible",
	"responsible person", "betreuer", "zuständig", "verantwortlich", "verantwortlicher",
	"besitzer", "bearbeiter", "propriétaire", "responsable", "commercial", "attribué à",
	"propietario", "asignado a", "comercial", "担当者", "担当", "所有者", "営業担当", NULL };

static const char *const external_names[] = { "external id", "id", "record id", "uid", "uuid",
	"guid", "reference", "number", "no", "nummer", "identifiant", "numéro", "référence",
	"identificador", "número", "番号", NULL };

static const char *const currency_names[] = { "currency", "currency code", "currency iso code",
	"deal currency", "amount currency", "währung", "devise", "monnaie", "moneda", "divisa",
	"通貨", NULL };

static const char *const industry_names[] = { "industry", "sector", "vertical", "line of business",
	"branche", "sektor", "industrie", "secteur", "secteur d'activité", "sector industrial",
	"industria", "業種", "業界", NULL };

static const char *const street_names[] = { "address # street", "street", "street address",
	"street name", "address line 1", "address 1", "address", "full address", "street 1",
	"straße", "anschrift", "adresse", "adresse 1", "rue", "adresse postale", "calle",
	"dirección", "dirección 1", "domicilio", "住所", "住所1", "番地", "所在地", NULL };

static const char *const street2_names[] = { "address # extended address", "address line 2",
	"address 2", "street 2", "street address 2", "suite", "apartment", "adresszusatz",
	"straße 2", "adresse 2", "rue 2", "complément d'adresse", "calle 2", "dirección 2", "住所2",
	"建物名", NULL };

static const char *const city_names[] = { "address # city", "city", "town", "city/town", "locality",
	"ort", "stadt", "wohnort", "ville", "localité", "ciudad", "población", "localidad",
	"市区町村", "市", "市町村", "都市", NULL };

static const char *const region_names[] = { "address # region", "state", "state/province",
	"province", "region", "county", "state/region", "state or province", "bundesland", "kanton",
	"région", "dép/région", "état", "provincia", "estado", "provincia o estado",
	"comunidad autónoma", "región", "都道府県", "県", NULL };

static const char *const postal_code_names[] = { "address # postal code", "postal code", "zip code",
	"zip", "zip/postal code", "postcode", "post code", "plz", "postleitzahl", "code postal",
	"código postal", "cp", "郵便番号", NULL };

static const char *const country_names[] = { "address # country", "country", "country/region",
	"country name", "nation", "land", "staat", "land/region", "pays", "pays/région", "país",
	"país o región", "país/región", "国", "国/地域", "国名", "office location", NULL };

static const char *const address_type_names[] = { "address # type", "address # label", NULL };

/* clang-format off */
#define ONE(name, text, names) { name, text, names, NULL, LOOK_TEXT, false }
#define ONE_URL(name, text, names) { name, text, names, NULL, LOOK_URL, false }
#define ONE_EMAIL(name, text, names) { name, text, names, NULL, LOOK_EMAIL, false }
#define ADDRESS(name, text, names) { name, text, names, address_types, LOOK_TEXT, false }
#define EMAILS \
	{ "emails[].address", "E-mail address", email_names, email_types, LOOK_EMAIL, true }, \
	{ "emails[].type", "Type of the e-mail address", \
	    ALIASES("e-mail # type", "e-mail # label"), email_types, LOOK_TEXT, false }
#define PHONES \
	{ "phones[].value", "Phone number", phone_names, phone_types, LOOK_PHONE, true }, \
	{ "phones[].type", "Type of the phone number", \
	    ALIASES("phone # type", "phone # label"), phone_types, LOOK_TEXT, false }
#define ADDRESSES \
	ADDRESS("addresses[].street", "Street", street_names), \
	ADDRESS("addresses[].street2", "Street, second line", street2_names), \
	ADDRESS("addresses[].city", "City", city_names), \
	ADDRESS("addresses[].region", "State or region", region_names), \
	ADDRESS("addresses[].postal_code", "Postal code", postal_code_names), \
	ADDRESS("addresses[].country", "Country", country_names), \
	ADDRESS("addresses[].type", "Type of the postal address", address_type_names)
/* clang-format on */

static const struct header_target contacts[] = {
	ONE("first_name", "First name",
	    ALIASES("first name", "given name", "forename", "first", "vorname", "rufname", "prénom",
		"nombre de pila", "nombre", "名", "ファーストネーム")),
	ONE("middle_name", "Middle name",
	    ALIASES("middle name", "additional name", "middle names", "middle", "weitere vornamen",
		"zweiter vorname", "deuxième prénom", "segundo nombre", "ミドルネーム")),
	ONE("last_name", "Last name",
	    ALIASES("last name", "family name", "surname", "last", "nachname", "familienname",
		"zuname", "nom de famille", "nom", "apellidos", "apellido", "姓", "名字", "苗字")),
	ONE("full_name", "Full name",
	    ALIASES("full name", "display name", "name", "file as", "anzeigename",
		"vollständiger name", "nom complet", "nom à afficher", "nom affiché",
		"nombre completo", "nombre para mostrar", "氏名", "名前", "お名前", "表示名",
		"フルネーム")),
	ONE("kind", "Person or organisation",
	    ALIASES("kind", "contact kind", "contact type", "record type", "kontaktart", "art",
		"type de contact", "tipo de contacto", "種別")),
	ONE("job_title", "Job title",
	    ALIASES("job title", "organization # title", "organization title", "position", "job",
		"job position", "role", "function", "occupation", "title", "stellenbezeichnung",
		"funktion", "beruf", "fonction", "poste", "intitulé du poste", "profession",
		"cargo", "puesto", "役職", "肩書き", "職種")),
	ONE("department", "Department",
	    ALIASES("department", "organization # department", "organization department",
		"division", "abteilung", "service", "département", "departamento", "部署", "部門",
		"部署名")),
	ONE("organisation", "Organisation",
	    ALIASES("organisation", "company", "company name", "organization # name",
		"organization name", "organization", "organisation name", "account name", "account",
		"employer", "business name", "firm", "firm name", "associated company", "firma",
		"firmenname", "unternehmen", "arbeitgeber", "organisationsname", "société",
		"entreprise", "nom de la société", "nom de l'entreprise", "organisme", "empresa",
		"compañía", "nombre de la empresa", "organización", "会社名", "会社", "企業名",
		"法人名", "勤務先", "組織")),
	EMAILS,
	PHONES,
	ADDRESSES,
	ONE_URL("website", "Web site", website_names),
	ONE("birthday", "Birthday",
	    ALIASES("birthday", "birth date", "date of birth", "dob", "geburtstag", "geburtsdatum",
		"date de naissance", "anniversaire", "fecha de nacimiento", "cumpleaños", "誕生日",
		"生年月日")),
	ONE("birth_year", "Year of birth", ALIASES("birth year", "year of birth", "geburtsjahr")),
	ONE("birth_month", "Month of birth",
	    ALIASES("birth month", "month of birth", "geburtsmonat")),
	ONE("birth_day", "Day of birth", ALIASES("day of birth")),
	ONE("industry", "Industry", industry_names),
	ONE("notes", "Notes", notes_names),
	ONE("tags", "Tags", tags_names),
	ONE("source", "Source", source_names),
	ONE("owner", "Owner (name or e-mail)", owner_names),
	ONE("external_id", "Id in the other system",
	    ALIASES("external id", "contact id", "customer id", "record id", "id",
		"customer number", "customer no", "client id", "uid", "uuid", "kundennummer",
		"kunden-nr", "kundennr", "kunden-id", "numéro client", "identifiant",
		"id de cliente", "número de cliente", "顧客id", "顧客番号", "会員番号")),
};

static const struct header_target organisations[] = {
	ONE("name", "Name",
	    ALIASES("name", "company name", "account name", "organisation name",
		"organization name", "company", "account", "organisation", "organization",
		"organization # name", "legal name", "business name", "display name", "firm",
		"firm name", "firma", "firmenname", "unternehmen", "société", "raison sociale",
		"entreprise", "nom", "empresa", "razón social", "nombre", "会社名", "企業名",
		"法人名", "会社", "名称")),
	ONE("industry", "Industry", industry_names),
	ONE_URL("website", "Web site", website_names),
	ONE("employees", "Employees",
	    ALIASES("employees", "number of employees", "employee count", "headcount",
		"company size", "size", "no of employees", "mitarbeiter", "mitarbeiterzahl",
		"anzahl mitarbeiter", "effectif", "nombre d'employés", "effectifs", "empleados",
		"número de empleados", "従業員数", "社員数")),
	ONE("annual_revenue", "Annual revenue",
	    ALIASES("annual revenue", "revenue", "turnover", "annual turnover", "sales", "umsatz",
		"jahresumsatz", "chiffre d'affaires", "ca", "ingresos", "facturación",
		"ingresos anuales", "売上高", "売上", "年商")),
	ONE("year_founded", "Year of foundation",
	    ALIASES("year founded", "year established", "founded", "established", "founded year",
		"foundation year", "gründungsjahr", "gegründet", "année de création",
		"année de fondation", "año de fundación", "fundación", "設立年", "設立", "創業年")),
	ONE("parent_organisation", "Part of",
	    ALIASES("parent organisation", "parent organization", "parent company",
		"parent account", "subsidiary of", "parent", "part of", "parent account name",
		"muttergesellschaft", "mutterkonzern", "tochter von", "société mère", "maison mère",
		"filiale de", "empresa matriz", "matriz", "filial de", "親会社")),
	EMAILS,
	PHONES,
	ADDRESSES,
	ONE("notes", "Notes", notes_names),
	ONE("tags", "Tags", tags_names),
	ONE("source", "Source", source_names),
	ONE("owner", "Owner (name or e-mail)", owner_names),
	ONE("external_id", "Id in the other system",
	    ALIASES("external id", "organisation id", "organization id", "company id", "account id",
		"customer id", "record id", "id", "customer number", "account number",
		"kundennummer", "kunden-nr", "uid", "uuid", "numéro client", "identifiant",
		"número de cliente", "顧客番号", "企業id")),
};

static const struct header_target deals[] = {
	ONE("title", "Title",
	    ALIASES("title", "deal name", "opportunity name", "deal title", "deal", "opportunity",
		"name", "subject", "titel", "bezeichnung", "verkaufschance", "projekt", "titre",
		"affaire", "opportunité", "nom", "título", "oportunidad", "negocio", "nombre",
		"案件名", "商談名", "タイトル", "件名")),
	ONE("external_id", "Id in the other system",
	    ALIASES("external id", "opportunity id", "deal id", "record id", "id",
		"opportunity number", "deal number", "uid", "uuid", "vorgangsnummer", "identifiant",
		"numéro d'affaire", "id de oportunidad", "案件番号", "案件id", "商談id")),
	ONE("owner", "Owner (name or e-mail)", owner_names),
	ONE("product", "Product",
	    ALIASES("product", "product name", "products", "item", "service", "produkt", "artikel",
		"produit", "producto", "商品", "製品", "商品名", "製品名")),
	ONE("organisation", "Organisation",
	    ALIASES("organisation", "account", "account name", "company", "company name",
		"organization", "organization name", "organisation name", "customer", "client",
		"associated company", "buyer", "firm", "firm name", "firma", "unternehmen", "kunde",
		"société", "entreprise", "compte", "empresa", "cliente", "cuenta", "会社名",
		"取引先", "取引先名", "顧客名", "会社")),
	ONE("contact", "Contact (name or e-mail)",
	    ALIASES("contact", "contact name", "contact person", "primary contact", "person",
		"person name", "contact email", "associated contact", "ansprechpartner", "kontakt",
		"kontaktperson", "interlocuteur", "contacto", "persona de contacto", "取引先責任者",
		"連絡先")),
	ONE("pipeline", "Pipeline",
	    ALIASES("pipeline", "deal pipeline", "pipeline name", "パイプライン")),
	ONE("stage", "Stage",
	    ALIASES("stage", "deal stage", "sales stage", "opportunity stage", "stage name",
		"phase", "verkaufsphase", "stufe", "étape", "phase de vente", "etapa", "fase",
		"etapa de venta", "フェーズ", "ステージ", "商談フェーズ", "段階")),
	ONE("status", "Status",
	    ALIASES("status", "deal status", "state", "zustand", "statut", "estado", "状態",
		"ステータス")),
	ONE("opened_on", "Opened on",
	    ALIASES("opened on", "engage date", "engagement date", "start date", "created on",
		"created date", "create date", "date created", "created at", "created",
		"creation date", "open date", "add time", "deal created", "erstellt am",
		"erstellungsdatum", "angelegt am", "startdatum", "date de création", "créé le",
		"date de début", "fecha de creación", "creado el", "fecha de inicio", "作成日",
		"開始日", "登録日")),
	ONE("expected_close_on", "Expected to close on",
	    ALIASES("expected close on", "expected close date", "expected closing date",
		"expected close", "forecast close date", "estimated close date",
		"erwartetes abschlussdatum", "voraussichtlicher abschluss",
		"date de clôture prévue", "date de clôture estimée", "fecha de cierre prevista",
		"fecha prevista de cierre", "完了予定日", "受注予定日")),
	ONE("closed_on", "Closed on",
	    ALIASES("closed on", "close date", "closed date", "closing date", "date closed",
		"closed at", "won time", "won date", "close time", "abschlussdatum",
		"abgeschlossen am", "date de clôture", "clôturé le", "fecha de cierre",
		"cerrado el", "完了日", "受注日", "クローズ日")),
	ONE("amount", "Amount",
	    ALIASES("amount", "close value", "deal value", "deal amount", "value",
		"opportunity amount", "price", "deal size", "total", "revenue", "expected revenue",
		"betrag", "wert", "auftragswert", "volumen", "summe", "montant", "valeur",
		"importe", "monto", "valor", "金額", "受注金額", "商談金額", "見込金額")),
	ONE("currency", "Currency", currency_names),
	ONE("lost_reason", "Why it was lost",
	    ALIASES("lost reason", "loss reason", "closed lost reason", "reason lost",
		"verlustgrund", "raison de la perte", "motif de perte", "motivo de pérdida",
		"失注理由")),
	ONE("source", "Source", source_names),
	ONE("notes", "Notes", notes_names),
	ONE("tags", "Tags", tags_names),
};

static const struct header_target agents[] = {
	ONE("full_name", "Full name",
	    ALIASES("full name", "sales agent", "name", "agent", "agent name", "display name",
		"sales rep", "sales representative", "salesperson", "employee", "employee name",
		"user", "user name", "mitarbeiter", "mitarbeitername", "verkäufer", "nom complet",
		"commercial", "vendeur", "employé", "nombre completo", "agente", "vendedor",
		"empleado", "comercial", "氏名", "名前", "担当者", "営業担当")),
	ONE("first_name", "First name",
	    ALIASES("first name", "given name", "forename", "vorname", "prénom", "nombre", "名")),
	ONE("last_name", "Last name",
	    ALIASES("last name", "family name", "surname", "nachname", "familienname",
		"nom de famille", "nom", "apellidos", "apellido", "姓")),
	ONE_EMAIL("email", "E-mail address", email_names),
	ONE("manager", "Team leader (name or e-mail)",
	    ALIASES("manager", "team leader", "team lead", "supervisor", "reports to",
		"manager name", "sales manager", "vorgesetzter", "teamleiter", "leiter",
		"responsable", "supérieur", "chef d'équipe", "jefe", "gerente", "jefe de equipo",
		"上司", "マネージャー", "責任者")),
	ONE("team", "Team",
	    ALIASES("team", "team name", "regional office", "region", "office", "territory",
		"sales team", "department", "abteilung", "gebiet", "vertriebsteam", "équipe",
		"région", "secteur", "agence", "equipo", "región", "oficina", "zona", "チーム",
		"部署", "支店", "地域")),
	ONE("role", "Role",
	    ALIASES("role", "role name", "user role", "profile", "rolle", "rôle", "rol", "役割",
		"権限")),
	ONE("external_id", "Id in the other system", external_names),
};

static const struct header_target products[] = {
	ONE("name", "Name",
	    ALIASES("name", "product", "product name", "item", "item name", "title", "artikel",
		"produkt", "produktname", "bezeichnung", "produit", "nom du produit", "nom",
		"producto", "nombre", "nombre del producto", "商品名", "製品名", "商品", "製品",
		"品名")),
	ONE("series", "Series",
	    ALIASES("series", "product series", "product family", "family", "product line", "line",
		"category", "serie", "produktlinie", "produktfamilie", "kategorie", "série",
		"gamme", "catégorie", "línea", "familia", "categoría", "シリーズ", "カテゴリ")),
	ONE("price", "Price",
	    ALIASES("price", "sales price", "unit price", "list price", "selling price",
		"retail price", "preis", "verkaufspreis", "listenpreis", "einzelpreis", "prix",
		"prix de vente", "prix unitaire", "precio", "precio de venta", "precio unitario",
		"価格", "販売価格", "単価", "定価")),
	ONE("currency", "Currency", currency_names),
	ONE("external_id", "Id in the other system",
	    ALIASES("external id", "product id", "sku", "product code", "product number",
		"item number", "article number", "artikelnummer", "artikel-nr", "référence",
		"code produit", "referencia", "código", "品番", "商品コード", "id", "ean", "code")),
	ONE("notes", "Notes", notes_names),
};

#define TARGETS(table, ...) \
	{ \
#table, { table, sizeof(table) / sizeof(table[0]), ALIASES(__VA_ARGS__) } \
	}

static const struct {
	const char *object;
	struct header_targets targets;
} objects[] = {
	TARGETS(contacts, "contact", "person", "customer", "client", "lead", "kontakt", "kunde"),
	TARGETS(organisations, "company", "account", "organisation", "organization", "customer",
	    "business"),
	TARGETS(deals, "deal", "opportunity"),
	TARGETS(agents, "agent", "user", "employee", "sales"),
	TARGETS(products, "product", "item"),
};

bool header_targets(str object, struct header_targets *out)
{
	for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++)
		if (str_is(object, objects[i].object)) {
			*out = objects[i].targets;
			return true;
		}
	return false;
}
