use hanlin_kernel::{Id, Locale};

use crate::{model::Person, names};

fn person(name: &str) -> Person {
    Person {
        id: Id::fixed(1),
        name: name.to_owned(),
        sort_key: names::sort_key(name),
        initials: names::initials(name),
        employee_number: Some("QL0021".to_owned()),
        gender: None,
        mobile: Some("199 0000 0021".to_owned()),
        office_phone: Some("021-00000000-8021".to_owned()),
        email: Some("Lin.Xiao@qinglan.example".to_owned()),
        locale: Locale::ZhCn,
        version: 1,
    }
}

#[test]
fn names_sort_by_syllables() {
    let mut names = ["林晓", "李敏", "连战", "Anna Berg", "单雄", "曾国", "欧阳修"];
    names.sort_by_key(|name| names::sort_key(name));
    assert_eq!(names, ["Anna Berg", "李敏", "连战", "林晓", "欧阳修", "单雄", "曾国"]);
    assert_eq!(names::sort_key("单雄"), "shan xiong", "a surname is read as a surname");
    assert_eq!(names::sort_key("吕布"), "lv bu");
    assert_eq!(names::initials("欧阳修"), "oyx");
    assert_eq!(names::initials("Anna Berg"), "ab");
}

#[test]
fn a_person_is_found_by_every_ending_of_his_name_and_by_his_numbers() {
    let terms = names::terms(&person("林晓东"));
    let found = |query: &str| terms.iter().any(|term| term.starts_with(&names::fold(query)));
    for query in [
        "林",
        "林晓",
        "晓东",
        "东",
        "lin",
        "linxiao",
        "Lin Xiao",
        "xiaodong",
        "lxd",
        "xd",
        "ql0021",
        "19900000021",
        "021-0000",
        "8021",
        "lin.xiao@",
    ] {
        assert!(found(query), "{query}");
    }
    for query in ["林东", "linx dong z", "9021", "ixiao"] {
        assert!(!found(query), "{query}");
    }
}
