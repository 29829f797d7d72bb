//! The words of commands and arguments, in both languages.

/// What an entry is looked up by: a command's name, `command.argument`, `.argument` for the commands
/// that have no words of their own for it, or the name alone of an option of every command. Then
/// Japanese and English.
pub(super) type Entry = (&'static str, &'static str, &'static str);

/// Commands and arguments.
pub(super) const TEXTS: &[Entry] = &[
    (
        "onshi",
        "オンライン資格確認の様式を、一つの記録（YAML）から記入して PDF か Excel にします。\n差し戻しの原因になる誤りを、様式を作る前に知らせます。",
        "Fills the official forms of オンライン資格確認 (Japan's online health-insurance eligibility check)\nfrom one record in YAML, and reports anything the office would reject first.",
    ),
    ("fill", "記録から様式に記入して書き出す", "Fill the forms from a record"),
    (
        "fill.form",
        "書き出す様式（繰り返し可）。省略すると、記録に値が書かれている様式すべて",
        "A form to fill; may be repeated [default: every form the record has a value for]",
    ),
    (
        "fill.carry_record",
        "印字した値を記録として PDF に添付する（onshi extract で取り出せる）",
        "Attach the printed values to the PDF as a record, for `onshi extract`",
    ),
    (
        "fill.output",
        "書き出し先のファイルかフォルダー。「-」は標準出力。省略すると今のフォルダー",
        "The file or folder to write; `-` for standard output [default: the current folder]",
    ),
    (
        "fill.one_file",
        "全部の様式を、一つの PDF または一つのブックにする",
        "Put all forms into one PDF or one workbook",
    ),
    ("blank", "記入していない様式を書き出す", "Write empty forms"),
    (
        "blank.form",
        "様式の名前（別紙1、receipt-number など。一覧は onshi forms）。いくつでも",
        "The forms: receipt-number, 別紙1, … (`onshi forms` lists them)",
    ),
    (
        "blank.one_file",
        "全部の様式を、一つの PDF または一つのブックにする",
        "Put all forms into one PDF or one workbook",
    ),
    (
        "blank.output",
        "書き出し先のファイルかフォルダー。「-」は標準出力。省略すると今のフォルダー",
        "The file or folder to write; `-` for standard output [default: the current folder]",
    ),
    (
        "example",
        "記載例を書き出す（赤字の見本と吹き出しつき）",
        "Write a form's 記載例: sample values in red, with the callouts",
    ),
    (
        "example.form",
        "様式の名前（別紙1、receipt-number など。一覧は onshi forms）",
        "The form: receipt-number, 別紙1, … (`onshi forms` lists them)",
    ),
    (
        "example.output",
        "書き出し先のファイルかフォルダー。「-」は標準出力。省略すると今のフォルダー",
        "The file or folder to write; `-` for standard output [default: the current folder]",
    ),
    (
        "check",
        "記録の誤りを調べるだけで、何も書き出さない",
        "Report what is wrong with a record, and write nothing",
    ),
    (
        "check.record",
        "記録（YAML か JSON のファイル、または記録を添付した PDF）。「-」は標準入力",
        "The record, a YAML or JSON file, or a PDF with one attached; `-` for standard input",
    ),
    (
        "check.form",
        "調べる様式（繰り返し可）。省略すると、記録に値が書かれている様式すべて",
        "A form to check for; may be repeated [default: every form the record has a value for]",
    ),
    ("check.format", "結果の形式", "The format of the report"),
    (
        "import",
        "Excel で記入した様式から、記録（YAML）を作る",
        "Read a form filled in Excel back into a record in YAML",
    ),
    (
        "import.workbook",
        "記入したブック（onshi blank か onshi fill の xlsx）。「-」は標準入力",
        "The workbook, from `onshi blank` or `onshi fill`; `-` for standard input",
    ),
    (
        "new",
        "記録のひな形（YAML、説明つき）を作る",
        "Write a commented skeleton of a record in YAML",
    ),
    (
        "roster",
        "施設ごとに一行の、空の名簿を作る",
        "Write an empty roster for `onshi batch`, one row per facility",
    ),
    (
        "roster.form",
        "名簿を使う様式。省略するとすべて",
        "The forms the roster is for [default: all]",
    ),
    ("roster.output", "書き出し先のファイル（.xlsx か .csv）", "The file to write, .xlsx or .csv"),
    (
        "roster.split",
        "一つのブックの行数。--from があれば、その施設を N 施設ずつのブックに分ける（名簿_1.xlsx、名簿_2.xlsx、…）",
        "Rows per workbook; with --from, one workbook for every N facilities (members_1.xlsx, members_2.xlsx, …)",
    ),
    (
        "roster.from",
        "施設を読む名簿または記録のフォルダー。分かっている値を書き込む",
        "A list or a folder of records: what it knows is filled in",
    ),
    (
        "roster.map",
        "--from の名簿の列の対応表（onshi map で作れる）",
        "The map of the columns of --from, as `onshi map` makes it",
    ),
    (
        "roster.encoding",
        "--from の CSV の文字コード。省略すると自動で判別して表示する",
        "The encoding of the CSV file of --from [default: detected and reported]",
    ),
    ("roster.sheet", "--from の、読むシート", "The sheet of --from to read"),
    (
        "roster.ignore_unknown",
        "--from の、項目の分からない列を無視する",
        "Ignore columns of --from whose heading matches no field",
    ),
    (
        "map",
        "手元の名簿のどの列が、様式のどの項目かの対応表を作る",
        "Propose which column of a list is which field",
    ),
    ("map.list", "列を調べる名簿（.xlsx、.csv、.tsv）", "The list (.xlsx, .csv, .tsv)"),
    (
        "map.form",
        "作る様式。省略するとすべての様式の項目から探します",
        "The forms to be made [default: all]",
    ),
    (
        "map.output",
        "書き出す対応表（.yaml）。省略すると標準出力",
        "The map to write, .yaml [default: standard output]",
    ),
    (
        "map.sheet",
        "読むシートの名前。省略すると見出しのあるシートを読みます",
        "The sheet to be read [default: the one with headings]",
    ),
    (
        "map.encoding",
        "CSV の文字コード。省略すると自動で判別します",
        "The encoding of a CSV file [default: detected]",
    ),
    (
        "batch.map",
        "名簿の列と様式の項目の対応表（onshi map で作る）",
        "What the columns of the roster are: a map made with `onshi map`",
    ),
    ("batch", "名簿から全施設の様式を一括で作る", "Fill the forms of all facilities of a roster"),
    (
        "batch.source",
        "名簿（.xlsx、.csv、.tsv）か、記録・記入した Excel・記録つき PDF のフォルダー",
        "The roster (.xlsx, .csv, .tsv), or a folder of records, workbooks filled in and PDFs with records",
    ),
    (
        "batch.form",
        "書き出す様式（繰り返し可）。省略すると、施設ごとに値が書かれている様式すべて",
        "A form to fill; may be repeated [default: every form the row has a value for]",
    ),
    (
        "batch.output",
        "書き出し先のフォルダー。結果の一覧（summary.xlsx）と誤りの一覧（errors.csv）もここに入ります",
        "The folder to write, with the lists summary.xlsx and errors.csv",
    ),
    (
        "batch.merge",
        "名簿の順に綴じた印刷用の PDF。名前に {様式}、{提出先}、名簿の見出しなどがあれば、その値ごとに一つ",
        "One PDF for printing, in roster order; with {form}, {bureau} or a heading in its name one for each value",
    ),
    (
        "batch.name",
        "施設ごとのファイルの名前。省略すると {行}_{名称}_{様式}。使えるのは {行} {名称} {様式} {form} {種別} {提出先} {都道府県} {ファイル} と名簿の見出し",
        "The names of the files [default: {row}_{name}_{form}]; there are {row}, {name}, {form}, {kind}, {bureau}, {prefecture}, {file} and every heading",
    ),
    (
        "batch.letters",
        "誤りのある施設あての、確認のお願い（窓あき封筒に合う手紙）の PDF",
        "A PDF with a letter to each facility that has errors, for window envelopes",
    ),
    (
        "batch.labels",
        "全施設の宛名ラベルの PDF（A4、12 面。--forms のフォルダーの post/labels.yaml で変えられる）",
        "A PDF of address labels, twelve on an A4 sheet; post/labels.yaml in the folder of --forms defines others",
    ),
    (
        "batch.cover",
        "提出先ごとの送付状（通数と施設の一覧）の PDF",
        "A PDF with a covering letter for each bureau: how many forms, and of whom",
    ),
    (
        "batch.sender",
        "手紙と送付状の差出人を書いた記録（YAML）",
        "A record (YAML) of who sends the letters and covers",
    ),
    (
        "batch.label",
        "結果の一覧に施設の呼び名として出す列の見出し（会員番号など）。省略すると名称",
        "The heading of what the lists call a facility, such as a member's number [default: its name]",
    ),
    (
        "batch.where",
        "この値の行だけを読む（繰り返し可。すべてに合う行）",
        "Read only rows with this value; may be repeated, and all must hold",
    ),
    ("batch.sort", "この見出しの順に並べる", "Sort the rows by this heading"),
    (
        "batch.visible_only",
        "非表示の行（フィルターで隠れた行を含む）を除く",
        "Leave out rows that are hidden, by a filter too",
    ),
    (
        "batch.unfilled",
        "会員に送る記入用の Excel にする。名簿にある値は記入済み、ない欄は黄色（--format xlsx とともに）",
        "Make workbooks to be filled in: what the list knows is there, the rest is yellow (with --format xlsx)",
    ),
    (
        "batch.since",
        "前の summary.xlsx と比べ、新規・訂正済み・変更などを一覧に出す",
        "Compare with an earlier summary.xlsx: what is new, corrected, changed or gone",
    ),
    (
        "batch.changed",
        "印刷用ファイル、ラベル、送付状を、前回から変わった施設だけにする（--since とともに）",
        "Print files, labels and covering letters of the facilities alone that have changed (with --since)",
    ),
    ("batch.format", "書き出す形式。省略すると pdf", "The format [default: pdf]"),
    (
        "batch.set",
        "全施設に共通の値（繰り返し可）。施設の欄が埋まっていれば、そちらを使います",
        "A value for rows that leave the field empty; may be repeated",
    ),
    (
        "batch.sheet",
        "読むシートの名前。省略すると見出しのあるシートを読みます",
        "The sheet to be read [default: the one with headings]",
    ),
    (
        "batch.allow_duplicates",
        "すべての値が同じ行があっても、エラーにしない",
        "Accept rows that are the same as one before them in every value",
    ),
    (
        "batch.encoding",
        "CSV の文字コード。省略すると自動で判別して表示します",
        "The encoding of a CSV file [default: detected and reported]",
    ),
    (
        "batch.ignore_unknown",
        "知らない見出しの列を読み飛ばす",
        "Ignore columns whose heading matches no field",
    ),
    (
        "batch.strict",
        "一施設でも誤りがあれば、何も作らない",
        "Write nothing unless every facility passes",
    ),
    (
        "batch.force",
        "この一括作成で作ったものではないファイルも上書きする（入力のファイルを除く）",
        "Overwrite files not written by an earlier batch run, never an input",
    ),
    (
        "batch.jobs",
        "並行して処理する数。省略すると CPU の数",
        "How many workers [default: one per core]",
    ),
    ("forms", "扱える様式の一覧", "List the forms"),
    (
        "schema",
        "記録の JSON Schema を出す（エディターの補完と検査に）",
        "Print the record's JSON Schema, for editors",
    ),
    (
        "schema.definition",
        "記録ではなく、様式の定義の JSON Schema を出す",
        "Print the schema of form definitions instead",
    ),
    (
        "schedule",
        "指定希望日から、別紙3の九つの手続きの期限を出す",
        "Print when each of the nine steps of 別紙3 is due",
    ),
    (
        "schedule.format",
        "書き出す形式（表、JSON、カレンダー、別紙3）。省略すると -o の拡張子による（なければ text）",
        "The format: a table, JSON, a calendar, or 別紙3 [default: from the ending of -o, else text]",
    ),
    (
        "attach",
        "手元の PDF（指定申請書）の後ろに、記入した別紙2を加える",
        "Append the filled 別紙2 to a PDF of your own, the application for designation",
    ),
    (
        "attach.record",
        "記録（YAML または JSON のファイル、複数可）。「-」は標準入力",
        "The records, YAML or JSON files; `-` for standard input",
    ),
    (
        "attach.to",
        "後ろに加える先の PDF。このファイルは変わらない",
        "The PDF to append to; the file itself is not changed",
    ),
    (
        "attach.output",
        "書き出し先のファイル。「-」は標準出力",
        "The file to write; `-` for standard output",
    ),
    (
        "attach.form",
        "加える様式（繰り返し可）。省略すると別紙2",
        "A form to append; may be repeated [default: 別紙2]",
    ),
    (
        "attach.break_signature",
        "電子署名のある PDF にも加える（署名は無効になる）",
        "Append to a signed PDF too, which invalidates its signature",
    ),
    (
        "extract",
        "fill --carry-record で作った PDF から、記録を取り出す",
        "Extract the record from a PDF made with `fill --carry-record`",
    ),
    ("extract.file", "記録を添付した PDF", "The PDF with a record attached"),
    (
        "draft",
        "役所の様式の PDF を調べ、その上に印字する定義の下書きを作る",
        "Propose a definition that prints on an office's own PDF",
    ),
    ("draft.paper", "役所が公開している様式の PDF", "The office's form, a PDF"),
    (
        "draft.output",
        "下書きの定義を書くファイル。PDF もその隣に置く",
        "The definition to write; the PDF is put beside it",
    ),
    (
        "draft.picture",
        "見つけた記入欄を示す画像を書くファイル",
        "A picture to write of what was found",
    ),
    ("lint", "様式の定義ファイルを調べる", "Check the definition of a form"),
    ("lint.file", "様式の定義ファイル", "The definitions to check"),
    (
        "lint.watch",
        "保存するたびに調べて描き直す（Ctrl-C で終わる）",
        "Check and paint the form at each save, until Ctrl-C",
    ),
    (
        "lint.output",
        "--watch で描く画像。.png か .svg",
        "The picture that --watch paints, .png or .svg",
    ),
    (
        "serve",
        "ブラウザーの画面で様式を作る（この PC の中だけで動く）",
        "Fill the forms on a page in the browser; it runs on this computer alone",
    ),
    ("serve.port", "ポート番号。省略すると空いている番号", "The port [default: any free one]"),
    ("serve.no_open", "ブラウザーを開かない", "Do not open the browser"),
    (
        "serve.listen",
        "ほかの PC からも使えるように待ち受けるアドレス（--token-file が必要）",
        "Listen on this address too, for other computers; needs --token-file",
    ),
    (
        "serve.token_file",
        "鍵（16 文字以上）を書いたファイル。省略すると起動ごとに新しい鍵",
        "A file with the key, of 16 characters or more [default: a new key for each run]",
    ),
    ("completions", "シェルの入力補完スクリプトを出す", "Print a completion script for a shell"),
    ("completions.shell", "シェル", "The shell"),
    ("man", "マニュアルページを出す", "Print the manual page"),
    (
        "man.output",
        "全コマンドのマニュアルページを書き出すフォルダー",
        "Write the pages of all commands into this folder",
    ),
    (
        ".record",
        "記録（YAML または JSON のファイル）。「-」は標準入力",
        "The record, a YAML or JSON file; `-` for standard input",
    ),
    (
        ".force",
        "同じ名前のファイルがあれば上書きする（入力のファイルを除く）",
        "Overwrite existing files, never an input",
    ),
    (
        ".output",
        "書き出し先のファイル。省略すると標準出力",
        "The file to write [default: standard output]",
    ),
    (
        ".format",
        "書き出す形式。省略すると -o の拡張子による（なければ pdf）",
        "The format [default: from the ending of -o, else pdf]",
    ),
    (".form", "記録を使う様式。省略するとすべて", "The forms the record is for [default: all]"),
    ("help", "使い方を表示する", "Print help"),
    ("version", "バージョンを表示する", "Print the version"),
    (
        "lang",
        "メッセージの言語。省略するとシステムの言語",
        "The language of messages [default: the system's]",
    ),
    (
        "today",
        "期限を数える基準日（例: 2024-04-01）。省略すると今日",
        "The date that counts as today for deadlines, like 2024-04-01 [default: today]",
    ),
    (
        "forms_dir",
        "組み込みの様式に加えて使う、様式の定義のフォルダー",
        "A folder with your own definitions, in addition to the built-in forms",
    ),
    (
        "gaiji",
        "外字の表（gaiji.yaml）。--forms のフォルダーにあるものより優先",
        "A table of private-use characters, gaiji.yaml [default: that of the folder of --forms]",
    ),
    ("deny_warnings", "警告もエラーとして扱う", "Treat warnings as errors"),
    ("quiet", "エラー以外は表示しない", "Show only errors"),
    ("color", "色をつけるか", "Whether to use colours"),
];

/// What is below the help of a command.
pub(super) const NOTES: &[Entry] = &[
    (
        "onshi",
        "終了コード: 0 正常終了（警告のみの場合を含む）、1 記録に誤りがある、2 使い方または入出力の誤り",
        "Exit status: 0 done (warnings allowed), 1 the record has errors, 2 usage or input/output",
    ),
    (
        "fill",
        "例:\n  onshi fill 記録.yaml                        記録に値が書かれている様式すべてを PDF にする\n  onshi fill 記録.yaml --form 別紙2 -o 計画書.pdf\n  onshi fill 記録.yaml --one-file -o 提出.pdf   全部の様式を一つの PDF にする",
        "Examples:\n  onshi fill record.yaml                      every form the record has a value for, as PDF\n  onshi fill record.yaml --form 別紙2 -o plan.pdf\n  onshi fill record.yaml --one-file -o all.pdf   all forms as one PDF",
    ),
    (
        "blank",
        "例:\n  onshi blank 別紙1 -o 別紙1.pdf\n  onshi blank 別紙1 別紙2 --one-file -o 申請.xlsx   同じ項目は一度だけ入力するブック",
        "Examples:\n  onshi blank 別紙1 -o receipt-number.pdf\n  onshi blank 別紙1 別紙2 --one-file -o forms.xlsx   a workbook that asks for each field once",
    ),
    (
        "example",
        "例:\n  onshi example 別紙2 -o 記載例.pdf",
        "Example:\n  onshi example 別紙2 -o example.pdf",
    ),
    (
        "check",
        "例:\n  onshi check 記録.yaml --form 別紙1 --form 別紙2\n  onshi check - --format json < 記録.yaml",
        "Examples:\n  onshi check record.yaml --form 別紙1 --form 別紙2\n  onshi check - --format json < record.yaml",
    ),
    (
        "import",
        "例:\n  onshi blank 別紙2 -o 計画書.xlsx            Excel で記入する様式を作る\n  onshi import 計画書.xlsx -o 記録.yaml       記入したものを記録にする",
        "Example:\n  onshi blank 別紙2 -o plan.xlsx              a form to fill in with Excel\n  onshi import plan.xlsx -o record.yaml      what was filled in, as a record",
    ),
    (
        "new",
        "例:\n  onshi new 別紙1 別紙2 -o 記録.yaml",
        "Example:\n  onshi new 別紙1 別紙2 -o record.yaml",
    ),
    (
        "roster",
        "例:\n  onshi roster 別紙1 別紙2 -o 名簿.xlsx\n  onshi roster 別紙1 --split 50 --from 会員名簿.xlsx -o 名簿.xlsx   50 施設ずつのブックに分ける",
        "Examples:\n  onshi roster 別紙1 別紙2 -o members.xlsx\n  onshi roster 別紙1 --split 50 --from list.xlsx -o members.xlsx   a workbook for every 50 facilities",
    ),
    (
        "map",
        "例:\n  onshi map 会員名簿.xlsx 別紙1 -o 対応表.yaml                  列の対応表を作る\n  onshi batch 会員名簿.xlsx --map 対応表.yaml --form 別紙1 -o out/  それを使って一括で作る",
        "Example:\n  onshi map members.xlsx 別紙1 -o map.yaml                  propose a map, to be corrected\n  onshi batch members.xlsx --map map.yaml --form 別紙1 -o out/  use it",
    ),
    (
        "batch",
        "例:\n  onshi batch 名簿.xlsx -o out/                       施設と様式ごとに一つの PDF\n  onshi batch 名簿.csv --form 別紙1 --merge 印刷用.pdf  名簿の順に一つの PDF\n途中で止まっても、同じコマンドをもう一度実行すると残りから続けます。",
        "Examples:\n  onshi batch members.xlsx -o out/                       one PDF per facility and form\n  onshi batch members.csv --form 別紙1 --merge print.pdf  one PDF in roster order\nTo continue a stopped run, give the same command again.",
    ),
    (
        "schema",
        "例:\n  onshi schema > record.schema.json\n  記録の先頭の行: # yaml-language-server: $schema=record.schema.json",
        "Example:\n  onshi schema > record.schema.json\n  first line of the record: # yaml-language-server: $schema=record.schema.json",
    ),
    (
        "schedule",
        "例:\n  onshi schedule 記録.yaml\n  onshi schedule 記録.yaml -o 日程.ics        カレンダーに読み込む\n  onshi schedule 記録.yaml -o 別紙3.pdf",
        "Examples:\n  onshi schedule record.yaml\n  onshi schedule record.yaml -o steps.ics     to import into a calendar\n  onshi schedule record.yaml -o leaflet.pdf",
    ),
    (
        "attach",
        "例:\n  onshi attach 記録.yaml --to 指定申請書.pdf -o 提出.pdf",
        "Example:\n  onshi attach record.yaml --to application.pdf -o packet.pdf",
    ),
    (
        "draft",
        "例:\n  onshi draft 届出書.pdf -o forms/todoke.yaml --picture draft.png\n  onshi --forms forms example todoke -o 見本.pdf",
        "Example:\n  onshi draft notice.pdf -o forms/notice.yaml --picture draft.png\n  onshi --forms forms example notice -o sample.pdf",
    ),
    (
        "extract",
        "例:\n  onshi extract 計画書.pdf -o 記録.yaml\n  onshi extract 計画書.pdf | onshi check -",
        "Examples:\n  onshi extract plan.pdf -o record.yaml\n  onshi extract plan.pdf | onshi check -",
    ),
    (
        "serve",
        "例:\n  onshi serve                    画面を開く。終えるときは Ctrl-C\n  onshi serve --no-open --port 8080",
        "Examples:\n  onshi serve                    opens the page; Ctrl-C ends it\n  onshi serve --no-open --port 8080",
    ),
    (
        "completions",
        "例:\n  onshi completions bash > ~/.local/share/bash-completion/completions/onshi",
        "Example:\n  onshi completions bash > ~/.local/share/bash-completion/completions/onshi",
    ),
    (
        "man",
        "例:\n  onshi man -o ~/.local/share/man/man1",
        "Example:\n  onshi man -o ~/.local/share/man/man1",
    ),
];
