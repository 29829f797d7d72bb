//! What the system says when a file cannot be read or written, in both languages.

use std::io::{self, ErrorKind};

use super::Text;

/// Why the system refuses, in a few words: in English its own, in Japanese ours where there are some.
///
/// ```
/// let missing = std::fs::read("there is none").unwrap_err();
/// assert_eq!(onshi::report::system(&missing).ja, "見つかりません");
/// ```
pub fn system(error: &io::Error) -> Text {
    let mut words = error.to_string();
    if let Some(end) = words.find(" at path ") {
        // tempfile adds the name of its file, which means nothing to the user.
        words.truncate(end);
    }
    let ja = match error.kind() {
        ErrorKind::NotFound => "見つかりません",
        ErrorKind::PermissionDenied => "許可がありません",
        ErrorKind::IsADirectory => "フォルダーです",
        ErrorKind::NotADirectory => "フォルダーではありません",
        ErrorKind::AlreadyExists => "同じ名前のファイルがあります",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "ディスクに空きがありません",
        ErrorKind::ReadOnlyFilesystem => "書き込みのできないディスクです",
        ErrorKind::FileTooLarge => "大きすぎます",
        ErrorKind::InvalidFilename => "名前が使えません",
        ErrorKind::InvalidInput => "ふつうのファイルではありません",
        ErrorKind::InvalidData => "UTF-8 の文字ではありません",
        ErrorKind::AddrInUse => "ほかのプログラムが使っています",
        ErrorKind::AddrNotAvailable => "このコンピューターの住所ではありません",
        _ if is_open_elsewhere(error) => "ほかのプログラムが開いています",
        _ => return Text::new(format!("システムが拒みました（内部の表示: {words}）"), words),
    };
    Text::new(ja, words)
}

/// Whether Windows says that another program has the file open (`ERROR_SHARING_VIOLATION`).
pub fn is_open_elsewhere(error: &io::Error) -> bool {
    cfg!(windows) && error.raw_os_error() == Some(32)
}
