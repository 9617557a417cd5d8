//! Files that a browser sent and that are not signed yet: kept beside the node until somebody signs, or an hour.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::multipart::{Field, MultipartError};
use axum::http::StatusCode;
use cohub_node::hex;
use cohub_record::{Hash, Scope};
use tokio::io::AsyncWriteExt as _;

use crate::api::problem::Problem;
use crate::language::said;
use crate::signing::Enclosed;
use crate::words::now_ms;
use crate::{WebError, place};

/// Uploads that wait for a signature; the oldest leaves.
const KEPT: usize = 8;
/// How long one waits.
const KEPT_MS: u64 = 3_600_000;
/// Bytes at a file's beginning by which one sees whether it is what its name says.
const HEAD_BYTES: usize = 512;

/// How files of a kind begin.
enum Begins {
    With(&'static [u8]),
    /// Text has no such mark: it is UTF-8 without control characters.
    AsText,
}

/// Kinds of files that readers open without running them, by the ends of their names.
const KINDS: [(&str, Begins); 14] = [
    ("pdf", Begins::With(b"%PDF-")),
    ("odt", Begins::With(b"PK\x03\x04")),
    ("ods", Begins::With(b"PK\x03\x04")),
    ("odp", Begins::With(b"PK\x03\x04")),
    ("docx", Begins::With(b"PK\x03\x04")),
    ("xlsx", Begins::With(b"PK\x03\x04")),
    ("pptx", Begins::With(b"PK\x03\x04")),
    ("png", Begins::With(b"\x89PNG\r\n\x1a\n")),
    ("jpg", Begins::With(b"\xff\xd8\xff")),
    ("jpeg", Begins::With(b"\xff\xd8\xff")),
    ("webp", Begins::With(b"RIFF")),
    ("txt", Begins::AsText),
    ("md", Begins::AsText),
    ("csv", Begins::AsText),
];

/// The ends of names that are taken, as a form's field has them.
pub(crate) fn accepted() -> String {
    KINDS.map(|(end, _)| format!(".{end}")).join(",")
}

/// Uploads of one home.
#[derive(Debug)]
pub(crate) struct Uploads {
    directory: PathBuf,
    kept: Mutex<VecDeque<(String, Arc<Upload>)>>,
}

/// A whole file.
#[derive(Debug)]
pub(crate) struct Upload {
    file: OnDisk,
    name: String,
    media_type: String,
    size_bytes: u64,
    hash: Hash,
    at_ms: u64,
}

/// A file that is removed when nobody needs it any more.
#[derive(Debug)]
struct OnDisk(PathBuf);

impl Drop for OnDisk {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Uploads {
    /// In the pages' own directory, empty: what a process before this one left was never signed.
    pub(crate) fn begin(ui: &Path) -> Result<Self, WebError> {
        let directory = ui.join("uploads");
        match std::fs::remove_dir_all(&directory) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(WebError::file(&directory)(error));
            }
            _ => place::make(&directory)?,
        }
        Ok(Self { directory, kept: Mutex::default() })
    }

    /// The upload of that name.
    pub(crate) fn get(&self, id: &str) -> Result<Arc<Upload>, Problem> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let now = now_ms();
        kept.retain(|(_, upload)| now.saturating_sub(upload.at_ms) < KEPT_MS);
        let found = kept.iter().find(|(known, _)| known == id).map(|(_, upload)| Arc::clone(upload));
        found.ok_or_else(|| {
            let why = said!("upload-gone");
            Problem::new(StatusCode::GONE, "gone", "No longer here", why)
        })
    }

    /// Forgets one that was handed in.
    pub(crate) fn forget(&self, id: &str) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).retain(|(known, _)| known != id);
    }

    /// Takes a file of at most so many bytes; answers the name under which it waits. Of what is cut off, too
    /// large or of a kind that is not taken nothing is kept.
    pub(crate) async fn take(&self, mut field: Field<'_>, most: u64) -> Result<String, Problem> {
        let name = plain_name(field.file_name().unwrap_or_default());
        if name.is_empty() {
            return Err(Problem::bad_request(said!("choose-a-file")));
        }
        let begins = kind_of(&name)?;
        let id = new_id()?;
        let file = OnDisk(self.directory.join(&id));
        let unwritten = |error: std::io::Error| {
            let why = said!("upload-not-kept", why = error.to_string());
            Problem::new(StatusCode::INSUFFICIENT_STORAGE, "failed", "Not kept", why)
        };
        let mut writer = tokio::fs::File::create_new(&file.0).await.map_err(unwritten)?;
        let (mut hasher, mut size_bytes, mut head) = (blake3::Hasher::new(), 0_u64, Vec::new());
        while let Some(chunk) = field.chunk().await.map_err(|error| cut_off(&error))? {
            size_bytes = size_bytes.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
            if size_bytes > most {
                return Err(too_large(most));
            }
            head.extend(chunk.iter().take(HEAD_BYTES.saturating_sub(head.len())));
            hasher.update(&chunk);
            writer.write_all(&chunk).await.map_err(unwritten)?;
        }
        writer.sync_all().await.map_err(unwritten)?;
        if size_bytes == 0 {
            return Err(Problem::bad_request(said!("upload-empty", name = format!("{name:?}"))));
        }
        if !begins.fits(&head) {
            let why = said!("upload-another", name = format!("{name:?}"));
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "Another kind", why));
        }
        let media_type = mime_guess::from_path(&name).first_or_octet_stream().essence_str().to_owned();
        let hash = Hash::from_bytes(*hasher.finalize().as_bytes());
        let upload = Upload { file, name, media_type, size_bytes, hash, at_ms: now_ms() };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back((id.clone(), Arc::new(upload)));
        if kept.len() > KEPT {
            kept.pop_front();
        }
        Ok(id)
    }
}

impl Upload {
    /// As it goes with a record.
    pub(crate) fn enclosed(&self, scope: Scope) -> Result<Enclosed, Problem> {
        let content = (self.size_bytes, self.hash);
        Enclosed::file(self.file.0.clone(), &self.name, &self.media_type, content, scope)
    }
}

impl Begins {
    fn fits(&self, head: &[u8]) -> bool {
        match self {
            Self::With(mark) => head.starts_with(mark),
            Self::AsText => {
                let text = match std::str::from_utf8(head) {
                    Ok(text) => text,
                    // The head may end within a letter.
                    Err(error) if error.error_len().is_none() => {
                        std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
                    }
                    Err(_) => return false,
                };
                !text.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t'))
            }
        }
    }
}

/// How files with such a name begin, where they are taken.
fn kind_of(name: &str) -> Result<&'static Begins, Problem> {
    let end = Path::new(name).extension().map(|end| end.to_string_lossy().to_lowercase()).unwrap_or_default();
    KINDS.iter().find(|(known, _)| *known == end).map(|(_, begins)| begins).ok_or_else(|| {
        let kinds = KINDS.map(|(end, _)| end).join(", ");
        let why = said!("upload-kind", name = format!("{name:?}"), kinds = kinds);
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "Another kind", why)
    })
}

/// The file's own name: no path, nothing that controls or turns the text around it.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().map(crate::words::harmless_letter).collect();
    plain.trim().trim_start_matches('.').to_owned()
}

/// The answer where a file is larger than what is taken.
pub(crate) fn too_large(most: u64) -> Problem {
    let why = said!("upload-too-large", size = crate::words::bytes(most));
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "bad-request", "Too large", why)
}

/// The answer where the rest of a file, or of the form around it, never came.
pub(crate) fn cut_off(error: &MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large(cohub_record::limits::ATTACHMENT_BYTES);
    }
    Problem::bad_request(said!("upload-cut-off"))
}

fn new_id() -> Result<String, Problem> {
    let mut bytes = [0; 16];
    let failed = |error: getrandom::Error| {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", "Failed", format!("no randomness: {error}"))
    };
    getrandom::fill(&mut bytes).map_err(failed)?;
    Ok(hex::encode(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::extract::{FromRequest as _, Multipart};
    use axum::http::Request;

    /// The body of a form with one file.
    fn form(name: &str, content: &[u8]) -> Vec<u8> {
        let head =
            format!("--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        [head.as_bytes(), content, b"\r\n--x--\r\n"].concat()
    }

    async fn sent(uploads: &Uploads, body: Vec<u8>, most: u64) -> Result<String, StatusCode> {
        let request = Request::post("/").header("content-type", "multipart/form-data; boundary=x");
        let request = request.body(Body::from(body)).unwrap();
        let mut multipart = Multipart::from_request(request, &()).await.unwrap();
        let field = multipart.next_field().await.unwrap().unwrap();
        uploads.take(field, most).await.map_err(|problem| problem.status)
    }

    fn left(place: &Path) -> usize {
        std::fs::read_dir(place.join("uploads")).unwrap().count()
    }

    #[tokio::test]
    async fn of_what_is_not_taken_nothing_is_kept() {
        let place = tempfile::tempdir().unwrap();
        let uploads = Uploads::begin(place.path()).unwrap();
        let whole = form("study.pdf", b"%PDF-1.7 words");
        let bad = StatusCode::BAD_REQUEST;
        let other = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        let table = [
            ("cut off", whole[..whole.len() - 12].to_vec(), bad),
            ("empty", form("study.pdf", b""), bad),
            ("nothing chosen", form("", b""), bad),
            (
                "too large",
                form("study.pdf", &[b"%PDF-".as_slice(), &[0; 100]].concat()),
                StatusCode::PAYLOAD_TOO_LARGE,
            ),
            ("a program", form("study.exe", b"MZ"), other),
            ("a page with a script", form("study.html", b"<script>"), other),
            ("a program named as a document", form("study.pdf", b"MZ\x90"), other),
            ("bytes named as text", form("notes.txt", b"a\x00b"), other),
            ("no end", form("study", b"%PDF-1.7"), other),
        ];
        for (what, body, expected) in table {
            assert_eq!(sent(&uploads, body, 64).await, Err(expected), "{what}");
            assert_eq!(left(place.path()), 0, "{what}");
        }
        for (name, content) in [("a.PDF", b"%PDF-1".as_slice()), ("b.csv", "ülke,şehir\n".as_bytes())] {
            let id = sent(&uploads, form(name, content), 64).await.unwrap();
            let enclosed = uploads.get(&id).unwrap().enclosed(Scope::Members).unwrap();
            assert_eq!((enclosed.name.as_str(), enclosed.size_bytes), (name, content.len() as u64));
            assert_eq!(enclosed.hash.as_bytes(), blake3::hash(content).as_bytes());
        }
    }

    #[tokio::test]
    async fn few_wait_and_none_twice() {
        let place = tempfile::tempdir().unwrap();
        let uploads = Uploads::begin(place.path()).unwrap();
        let mut ids = Vec::new();
        for _ in 0..=KEPT {
            ids.push(sent(&uploads, form("a.txt", b"a"), 9).await.unwrap());
        }
        assert_eq!((left(place.path()), uploads.get(&ids[0]).unwrap_err().status), (KEPT, StatusCode::GONE));
        uploads.forget(&ids[1]);
        assert!(uploads.get(&ids[1]).is_err() && uploads.get(&ids[2]).is_ok());
        assert_eq!(left(place.path()), KEPT - 1);
        let again = Uploads::begin(place.path()).unwrap();
        assert_eq!((left(place.path()), again.get(&ids[2]).is_err()), (0, true));
    }

    #[test]
    fn names_are_plain() {
        let table = [
            ("../../x.pdf", "x.pdf"),
            ("C:\\f\\x.pdf", "x.pdf"),
            (".x.pdf", "x.pdf"),
            ("a\u{202e}b.txt", "a\u{fffd}b.txt"),
        ];
        for (name, expected) in table {
            assert_eq!(plain_name(name), expected);
        }
    }
}
