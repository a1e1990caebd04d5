use std::time::{Duration, SystemTime};

use hanlin_api::{Module, Services};
use hanlin_kernel::{Actor, Id, PersonId, Result};
use hanlin_store::Tx;
use hanlin_testkit::{Said, Setup, TestApp};

use crate::{Blobs, File, Files, Owner, attach, module, sweep};

mod kinds;

const ANNA: PersonId = PersonId::fixed(1);
const BELA: PersonId = PersonId::fixed(2);

/// Lets everybody open the drawer whose name he knows, if it is open.
struct Drawers;

impl Owner for Drawers {
    fn may_open(&self, _tx: &mut Tx, actor: &Actor, thing: &str, _file: Id<File>) -> Result<bool> {
        Ok(thing == "open" || actor.person == ANNA)
    }
}

struct Case {
    app: TestApp,
    blobs: Blobs,
    _folder: tempfile::TempDir,
}

fn case() -> Case {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(folder.path()).unwrap();
    let files = Files::new(blobs.clone()).owned("test.drawer", Drawers);
    let setup = Setup { services: Services::default().with(files), ..Setup::default() };
    let modules: Vec<Module> = vec![hanlin_directory::module(), hanlin_rulebook::module(), module()];
    Case { app: TestApp::with(modules, setup), blobs, _folder: folder }
}

impl Case {
    fn upload(&self, name: &str, bytes: &[u8]) -> Said {
        self.app.as_(ANNA).post_bytes(&format!("/files?name={name}"), bytes.to_vec())
    }

    fn put_into(&self, file: &str, drawer: &'static str) {
        let id: hanlin_kernel::Id<File> = file.parse().unwrap();
        self.app.write(move |tx| attach(tx, &Actor::person(ANNA), &[id], "test.drawer", drawer, "files"));
    }

    fn blob_count(&self) -> usize {
        self.blobs.older_than(SystemTime::now() + Duration::from_secs(10)).unwrap().len()
    }
}

// proves: FLOW-15, FORM-03
#[test]
fn a_file_comes_back_as_it_was_sent() {
    let case = case();
    let file = case.upload("%E8%AF%B4%E6%98%8E.txt", "你好".as_bytes()).ok();
    assert_eq!(file["name"], "说明.txt");
    assert_eq!(file["size"], 6);
    assert_eq!(file["sha256"], "670d9743542cae3ea7ebe36af56bd53648b0a1126162e78d81a32934a711302e");
    let back = case.app.as_(ANNA).get(&format!("/files/{}", file["id"].as_str().unwrap()));
    assert_eq!(back.bytes, "你好".as_bytes());
    assert_eq!(back.headers["content-disposition"], "inline; filename*=UTF-8''%E8%AF%B4%E6%98%8E.txt");
}

// proves: PERM-02
#[test]
fn a_file_is_its_uploaders_until_its_owner_says_otherwise() {
    let case = case();
    let id = case.upload("a.txt", b"secret").id();
    let path = format!("/files/{id}");
    case.app.as_(BELA).get(&path).refused(404);
    case.app.nobody().get(&path).refused(401);
    case.put_into(&id, "closed");
    case.app.as_(BELA).get(&path).refused(404);
    assert_eq!(case.app.as_(ANNA).get(&path).status, 200);
    case.put_into(&id, "open");
    assert_eq!(case.app.as_(BELA).get(&path).bytes, b"secret");
}

#[test]
fn nobody_attaches_what_another_uploaded() {
    let case = case();
    let id: hanlin_kernel::Id<File> = case.upload("a.txt", b"secret").id().parse().unwrap();
    let stolen = case.app.try_write(move |tx| attach(tx, &Actor::person(BELA), &[id], "test.drawer", "open", "files"));
    let error = stolen.unwrap_err();
    assert!(matches!(&error, hanlin_kernel::Error::Invalid(fields) if fields[0].code == "files.unknown"), "{error:?}");
}

// proves: SEC-02
#[test]
fn what_a_browser_would_run_is_never_shown_in_place() {
    let case = case();
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let html = b"<!DOCTYPE html><script>alert(1)</script>";
    for (name, bytes) in [("a.svg", &svg[..]), ("a.html", &html[..]), ("picture.png", &html[..])] {
        let file = case.upload(name, bytes).ok();
        assert_eq!(file["media_type"], "text/plain", "{name}");
        let shown = case.app.as_(ANNA).get(&format!("/files/{}", file["id"].as_str().unwrap()));
        assert_eq!(shown.headers["content-type"], "text/plain; charset=utf-8");
        assert_eq!(shown.headers["x-content-type-options"], "nosniff");
        assert!(shown.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
    }
    let program = case.upload("a.txt", b"MZ\x90\x00\x03\x00\x00\x00").ok();
    let sent = case.app.as_(ANNA).get(&format!("/files/{}", program["id"].as_str().unwrap()));
    assert!(sent.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
}

#[test]
fn more_than_the_limit_is_refused_before_it_is_read() {
    let case = case();
    let said = case.app.as_(ANNA).header("Content-Length", 1u64 << 30).post_bytes("/files?name=big.bin", vec![0; 10]);
    assert_eq!(said.refused(413)["code"], "too_large");
    assert_eq!(case.blob_count(), 0);
    let mut receiving = case.blobs.receive(10).unwrap();
    receiving.write(&[0; 8]).unwrap();
    assert!(receiving.write(&[0; 8]).is_err(), "also when nobody announced the length");
}

#[test]
fn a_name_that_is_no_name_is_refused() {
    let case = case();
    for name in ["", "%20", "..", "%2F", "x%2F.."] {
        assert_eq!(case.upload(name, b"x").refused(422)["fields"][0]["code"], "files.name", "{name}");
    }
    assert_eq!(case.upload("..%2F..%2Fetc%2Fpasswd", b"x").ok()["name"], "passwd");
    assert_eq!(case.upload("photo%E2%80%AEgpj.exe", b"x").ok()["name"], "photogpj.exe");
    assert_eq!(case.blob_count(), 1);
}

#[test]
fn a_part_of_a_file_is_sent_when_a_part_is_asked_for() {
    let case = case();
    let id = case.upload("a.txt", b"0123456789").id();
    let part = |range: &str| case.app.as_(ANNA).header("Range", range).get(&format!("/files/{id}"));
    let middle = part("bytes=2-4");
    assert_eq!((middle.status, &middle.bytes[..]), (206, &b"234"[..]));
    assert_eq!(middle.headers["content-range"], "bytes 2-4/10");
    assert_eq!(part("bytes=-3").bytes, b"789");
    assert_eq!(part("bytes=8-").bytes, b"89");
    assert_eq!(part("bytes=10-").status, 416);
}

#[test]
fn a_small_picture_is_made_of_a_picture_and_of_nothing_else() {
    let case = case();
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(800, 400, image::Rgb([200, 30, 30]))
        .write_to(&mut png, image::ImageFormat::Png)
        .unwrap();
    let id = case.upload("red.png", png.get_ref()).id();
    let small = case.app.as_(ANNA).get(&format!("/files/{id}/thumbnail"));
    let small = image::load_from_memory(&small.bytes).unwrap();
    assert_eq!((small.width(), small.height()), (320, 160));
    case.app.as_(BELA).get(&format!("/files/{id}/thumbnail")).refused(404);
    let cut = case.upload("cut.png", &png.get_ref()[..60]).id();
    case.app.as_(ANNA).get(&format!("/files/{cut}/thumbnail")).refused(404);
}

#[test]
fn equal_content_is_kept_once_and_goes_when_nothing_names_it() {
    let case = case();
    let first = case.upload("one.txt", b"same").id();
    case.upload("two.txt", b"same").id();
    case.upload("other.txt", b"other").id();
    assert_eq!(case.blob_count(), 2);
    case.put_into(&first, "open");
    let sweep = |case: &Case, grace| case.app.block_on(sweep::sweep(&case.app.db, &case.blobs, grace)).unwrap();
    assert_eq!(sweep(&case, sweep::GRACE), sweep::Swept::default(), "within the grace nothing goes");
    case.app.clock.advance(jiff::SignedDuration::from_hours(25));
    let swept = sweep(&case, Duration::from_millis(0));
    assert_eq!((swept.files, swept.blobs), (2, 1));
    assert_eq!(case.app.as_(ANNA).get(&format!("/files/{first}")).bytes, b"same");
}
