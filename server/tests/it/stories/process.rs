use std::{io::Write, sync::Arc};

use serde_json::json;

use super::running::{Running, error_of, outcome};

// proves: OPS-01
#[test]
fn an_empty_folder_gives_a_set_up_link_that_works_once() {
    let data = tempfile::tempdir().unwrap();
    let server = Running::start(data.path(), &[]);
    let link = server.said.iter().find(|line| line.contains("/setup?token=")).unwrap();
    let token = link.split("token=").nth(1).unwrap().trim().to_owned();
    let set_up = |token: &str| {
        let wanted = json!({ "token": token, "organisation": "示例学院", "name": "管理员", "login": "admin",
                             "password": "Correct-Horse-7" });
        server.post("/api/v1/setup", &wanted)
    };
    assert_eq!(server.get("/api/v1/setup", &[]).1["needed"], true);
    assert_eq!(set_up("guessed").0, 409);
    let (status, _, cookies) = set_up(&token);
    assert_eq!(status, 200);
    assert!(cookies[0].contains("HttpOnly") && cookies[0].contains("SameSite=Strict"), "{cookies:?}");
    let cookie = cookies[0].split(';').next().unwrap();
    let me = server.get("/api/v1/session", &[("cookie", cookie)]).1;
    assert_eq!((&me["person"]["name"], &me["sample"]), (&json!("管理员"), &json!(false)));
    assert_eq!(set_up(&token).0, 409, "the link works once");
    server.stop();
    let again = Running::start(data.path(), &[]);
    assert!(!again.said.iter().any(|line| line.contains("setup")), "{:?}", again.said);
}

#[test]
fn two_servers_do_not_share_a_folder() {
    let data = tempfile::tempdir().unwrap();
    let first = Running::start(data.path(), &[]);
    let second = outcome(&["serve", "--listen", "127.0.0.1:0"], data.path());
    let said = error_of(&second);
    assert!(said.contains("another Hanlin is using the data folder"), "{said}");
    assert_eq!(first.get("/healthz", &[]).0, 200, "the first goes on");
}

#[test]
fn a_folder_that_cannot_be_used_is_named_with_what_to_do() {
    let said = error_of(&outcome(&["serve"], std::path::Path::new("/proc/hanlin-data")));
    assert!(said.contains("/proc/hanlin-data") && said.contains("--data"), "{said}");
}

#[test]
fn settings_that_do_not_go_together_are_refused_before_anything_is_opened() {
    let data = tempfile::tempdir().unwrap();
    let said = error_of(&outcome(&["serve", "--public-url", "oa.example.org"], data.path()));
    assert!(said.contains("--public-url") && said.contains("https://oa.example.org"), "{said}");
    std::fs::write(data.path().join("hanlin.toml"), "listn = \"127.0.0.1:1\"\n").unwrap();
    let said = error_of(&outcome(&["serve"], data.path()));
    assert!(said.contains("hanlin.toml") && said.contains("listn"), "{said}");
    assert!(!data.path().join("hanlin.db").exists());
}

// proves: SEC-06
#[test]
fn sample_accounts_open_no_door_to_the_network() {
    let data = tempfile::tempdir().unwrap();
    let said = error_of(&outcome(&["serve", "--sample", "--listen", "0.0.0.0:0"], data.path()));
    assert!(said.contains("sample accounts") && said.contains("--sample-open"), "{said}");
    let server = Running::start(data.path(), &["--sample"]);
    assert_eq!(server.get("/healthz", &[]).0, 200);
    let (status, problem) = server.get("/healthz", &[("host", "attacker.example.net")]);
    assert_eq!((status, &problem["code"]), (403, &json!("api.unknown_host")), "a name made to point here");
}

#[test]
fn an_organisation_is_generated_into_an_empty_folder_only() {
    let data = tempfile::tempdir().unwrap();
    let generate = |people: &str| outcome(&["sample", "generate", "--people", people, "--seed", "7"], data.path());
    let said = error_of(&generate("19"));
    assert!(said.contains("20 to 50000"), "{said}");
    assert!(!data.path().join("hanlin.db").exists(), "nothing was opened");
    let made = generate("120");
    let said = String::from_utf8_lossy(&made.stdout).into_owned();
    assert!(made.status.success() && said.contains("120 people in service"), "{said}");
    let administrator = said.split("Administrator: ").nth(1).and_then(|rest| rest.split('.').next()).unwrap();
    let said = error_of(&generate("120"));
    assert!(said.contains("there is an organisation already"), "{said}");

    let measured = outcome(&["bench-organisation", "--times", "50"], data.path());
    let figures: serde_json::Value = serde_json::from_slice(&measured.stdout).unwrap();
    assert_eq!(figures["people"], 120);
    assert!(figures["head"]["p99"].as_u64() > Some(0), "{figures}");

    let server = Running::start(data.path(), &[]);
    let wanted = json!({ "login": administrator, "password": "Qinglan-2026!" });
    let (status, me, cookies) = server.post("/api/v1/sessions", &wanted);
    assert_eq!((status, &me["sample"]), (200, &json!(true)), "{me}");
    let cookie = cookies[0].split(';').next().unwrap();
    let tree = server.get("/api/v1/units", &[("cookie", cookie)]).1;
    assert_eq!(tree["items"][0]["people"], 120);
    let flows = server.get("/api/v1/flows", &[("cookie", cookie)]).1;
    assert!(flows["items"].as_array().is_some_and(|flows| flows.len() > 15), "the flows that ship are there: {flows}");
}

// proves: ACC-13
#[test]
fn whoever_has_the_machine_lets_an_administrator_in_again() {
    let data = tempfile::tempdir().unwrap();
    let server = Running::start(data.path(), &["--sample"]);
    let said = error_of(&outcome(&["admin", "recover", "gaoxiang"], data.path()));
    assert!(said.contains("another Hanlin is using the data folder"), "{said}");
    server.stop();
    let said = error_of(&outcome(&["admin", "recover", "nobody"], data.path()));
    assert!(said.contains("nobody"), "{said}");
    let recovered = outcome(&["admin", "recover", "gaoxiang"], data.path());
    let password = String::from_utf8(recovered.stdout).unwrap().trim().to_owned();
    let server = Running::start(data.path(), &[]);
    let (status, me, _) = server.post("/api/v1/sessions", &json!({ "login": "gaoxiang", "password": password }));
    assert_eq!((status, &me["must_change_password"]), (200, &json!(true)), "{me}");
}

// proves: OPS-12
#[test]
fn figures_are_served_on_a_listener_of_their_own() {
    let data = tempfile::tempdir().unwrap();
    let server = Running::start(data.path(), &["--metrics", "127.0.0.1:0"]);
    let port = super::running::port_in(server.said.iter().find(|line| line.contains("/metrics")).unwrap());
    server.get("/api/v1/setup", &[]);
    let figures =
        ureq::get(format!("http://127.0.0.1:{port}/metrics")).call().unwrap().body_mut().read_to_string().unwrap();
    assert!(figures.contains("hanlin_http_requests"), "{figures}");
    assert!(figures.contains("route=\"/api/v1/setup\""), "{figures}");
    let page = ureq::get(server.url("/metrics")).call().unwrap().body_mut().read_to_string().unwrap();
    assert!(!page.contains("hanlin_http"), "not on the one that people use");
}

// proves: SEC-01
#[test]
fn the_server_speaks_https_with_its_own_certificate() {
    let data = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (cert, key) = (data.path().join("cert.pem"), data.path().join("key.pem"));
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let (cert, key) = (cert.to_str().unwrap(), key.to_str().unwrap());
    let server = Running::start(data.path(), &["--tls-cert", cert, "--tls-key", key]);
    let mut roots = rustls::RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = "localhost".try_into().unwrap();
    let mut tls = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
    let mut tcp = std::net::TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    let mut stream = rustls::Stream::new(&mut tls, &mut tcp);
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    let _closed_without_notice = std::io::Read::read_to_string(&mut stream, &mut answer);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let link = server.said.iter().find(|line| line.contains("/setup?token=")).unwrap();
    assert!(link.contains("https://"), "{link}");
}

// proves: TRACE-08
#[test]
fn the_trace_is_verified_beside_a_running_server_and_tampering_is_found() {
    let data = tempfile::tempdir().unwrap();
    let server = Running::start(data.path(), &["--sample"]);
    let sound = outcome(&["audit", "verify"], data.path());
    assert!(sound.status.success(), "{}", String::from_utf8_lossy(&sound.stdout));
    server.stop();

    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let location = hanlin_store::Location::Sqlite(data.path().join("hanlin.db"));
        let db = hanlin_store::Db::open(&location, hanlin_store::Settings::default()).await.unwrap();
        db.write(|tx| {
            let guards: Vec<String> =
                tx.scalars("select name from sqlite_schema where type = 'trigger' and tbl_name = 'trace_event'", &[])?;
            for guard in guards {
                tx.exec(&format!("drop trigger {guard}"), &[])?;
            }
            tx.exec("update trace_event set payload = '{}' where seq = 1 and kind = 'access.sample_loaded'", &[])
        })
        .await
        .unwrap();
        tokio::task::spawn_blocking(move || db.close()).await.unwrap();
    });
    let found = outcome(&["audit", "verify"], data.path());
    let report = String::from_utf8_lossy(&found.stdout).into_owned();
    assert_eq!(found.status.code(), Some(1), "{report}");
    assert!(report.contains("payload"), "{report}");
}
