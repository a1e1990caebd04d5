//! Files as they come, good and bad.

use std::io::{Cursor, Read, Write};

use hanlin_kernel::Error;
use rust_xlsxwriter::{Format, Formula, Workbook};

use crate::{
    model::{Field, Sheet},
    read::{self, MOST_ROWS, letters},
};

const PEOPLE: &str = "姓名,工号,手机,单位编码,部门编码,岗位编码\n示例甲,N1,13900000001,qinglan,it,engineer\n";

fn code(name: &str, bytes: &[u8]) -> String {
    read::read(name, bytes).expect_err("this is refused").code().to_owned()
}

fn workbook(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("人员").unwrap();
    for (column, heading) in (0..).zip(["姓名", "工号", "手机"]) {
        sheet.write_string(0, column, heading).unwrap();
    }
    fill(sheet);
    book.save_to_buffer().unwrap()
}

/// The workbook as a program writes it that does not reckon: a formula, and no value of it.
fn without_value(bytes: &[u8], value: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut made = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        made.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        made.write_all(text.replace(value, "").as_bytes()).unwrap();
    }
    made.finish().unwrap().into_inner()
}

// proves: ORG-21 (the part that a spreadsheet is taken as people have it)
#[test]
fn a_csv_is_read_in_the_encodings_and_separators_of_its_makers() {
    let gb = encoding_rs::GB18030.encode(PEOPLE).0.into_owned();
    let files: [(&str, Vec<u8>); 5] = [
        ("utf-8", PEOPLE.into()),
        ("with its mark", [b"\xef\xbb\xbf", PEOPLE.as_bytes()].concat()),
        ("gb18030", gb),
        ("semicolons", PEOPLE.replace(',', ";").into()),
        ("tabs", PEOPLE.replace(',', "\t").into()),
    ];
    for (what, bytes) in files {
        let contents = read::read("人员.csv", &bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(contents.len(), 1, "{what}");
        let table = &contents[0].table;
        assert_eq!((table.name.as_str(), table.sheet), ("人员", Some(Sheet::People)), "{what}");
        assert_eq!(table.columns[5], Some(Field::Post), "{what}");
        assert_eq!(
            contents[0].rows,
            [(2, ["示例甲", "N1", "13900000001", "qinglan", "it", "engineer"].map(String::from).to_vec())]
        );
    }
}

#[test]
fn what_is_no_spreadsheet_is_refused_by_name() {
    assert_eq!(code("leer.csv", b""), "imports.empty");
    assert_eq!(code("nur-titel.csv", "姓名,工号\n".as_bytes()), "imports.empty");
    assert_eq!(code("plan.xlsx", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3"), "imports.not_a_spreadsheet");
    assert_eq!(code("plan.xlsx", b"PK\x03\x04 and then nothing that is a zip"), "imports.not_a_spreadsheet");
    assert_eq!(code("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "imports.old_or_locked");
    assert_eq!(code("bild.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "imports.not_a_spreadsheet");
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(PEOPLE.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(code("utf16.csv", &utf16), "imports.encoding_unknown");
    assert_eq!(code("bytes.csv", b"\xff\xff\xff,\xfe\n1,2\n"), "imports.encoding_unknown");
    let latin = b"pr\xe9nom,num\xe9ro\nAnne,1\n";
    assert_eq!(code("latin.csv", latin), "imports.encoding_unknown");
    assert_eq!(code("fremd.csv", b"a,b\n1,2\n"), "imports.nothing_recognised");
}

#[test]
fn a_bomb_is_weighed_before_it_is_unpacked() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    zip.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    let zeros = vec![0_u8; 1024 * 1024];
    for _ in 0..=read::LARGEST_UNPACKED / zeros.len() as u64 {
        zip.write_all(&zeros).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert!(bytes.len() < 2 * 1024 * 1024, "it comes in small");
    assert_eq!(code("bomb.xlsx", &bytes), "imports.unpacks_too_large");
}

#[test]
fn too_many_rows_are_refused_by_their_number() {
    let mut text = String::from("姓名,工号\n");
    for number in 0..200_000 {
        text.push_str(&format!("示例,{number}\n"));
    }
    let Err(Error::Refused(refused)) = read::read("人员.csv", text.as_bytes()) else { panic!("this is refused") };
    assert_eq!(refused.code, "imports.too_many_rows");
    assert_eq!((refused.args["rows"].as_u64(), refused.args["limit"].as_u64()), (Some(200_000), Some(MOST_ROWS)));
}

#[test]
fn too_many_columns_and_letters_are_refused() {
    let wide: Vec<String> = (0..70).map(|column| format!("列{column}")).collect();
    let text = format!("{}\n{}\n", wide.join(","), wide.join(","));
    assert_eq!(code("breit.csv", text.as_bytes()), "imports.too_many_columns");
    let far = workbook(|sheet| {
        sheet.write_string(1, 16_000, "far out").unwrap();
    });
    assert_eq!(code("weit.xlsx", &far), "imports.too_many_columns");
    let long = format!("姓名,工号\n{},N1\n", "长".repeat(501));
    let Err(Error::Invalid(faults)) = read::read("人员.csv", long.as_bytes()) else { panic!("this is refused") };
    assert_eq!((faults[0].field.as_str(), faults[0].code.as_str()), ("人员!A2", "imports.cell_too_long"));
}

#[test]
fn cells_that_cannot_be_taken_at_their_word_are_named_one_by_one() {
    let bytes = workbook(|sheet| {
        sheet.merge_range(1, 0, 2, 0, "示例甲", &Format::new()).unwrap();
        sheet.write_formula(1, 1, Formula::new("=3+4").set_result("7")).unwrap();
        sheet.write_formula(2, 1, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        sheet.write_formula(3, 1, Formula::new("=1+1").set_result("2")).unwrap();
    });
    let bytes = without_value(&bytes, "<v>7</v>");
    let Err(Error::Invalid(faults)) = read::read("合并.xlsx", &bytes) else { panic!("this is refused") };
    let named: Vec<(&str, &str)> = faults.iter().map(|fault| (fault.field.as_str(), fault.code.as_str())).collect();
    assert!(named.contains(&("人员!A2", "imports.merged")), "{named:?}");
    assert!(named.contains(&("人员!B2", "imports.formula")), "{named:?}");
    assert!(!named.iter().any(|(place, _)| *place == "人员!B4"), "a formula with its value is a value");
}

#[test]
fn numbers_and_dates_of_a_workbook_are_what_people_see() {
    let bytes = workbook(|sheet| {
        let date = Format::new().set_num_format("yyyy/m/d");
        sheet.write_string(0, 3, "入职日期").unwrap();
        sheet.write_string(1, 0, "示例甲").unwrap();
        sheet.write_string(1, 1, "'+N1").unwrap();
        sheet.write_number(1, 2, 13_900_000_001_f64).unwrap();
        sheet.write_number_with_format(1, 3, 45_352, &date).unwrap();
        sheet.write_string(2, 0, "※ 说明").unwrap();
    });
    let contents = read::read("人员.xlsx", &bytes).unwrap();
    let cells = ["示例甲", "+N1", "13900000001", "2024-03-01"].map(String::from).to_vec();
    assert_eq!(contents[0].rows, [(2, cells)]);
}

#[test]
fn columns_are_called_as_spreadsheets_do() {
    assert_eq!([0, 25, 26, 51, 52, 701, 702].map(letters), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
}
