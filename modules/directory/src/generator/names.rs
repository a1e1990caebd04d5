//! Names of people who do not exist: a usual surname and one or two usual characters, put together at random.

use std::collections::HashMap;

use super::chance::Chance;
use crate::names;

const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "林", "高",
    "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "邓", "冯", "曹", "彭", "曾", "肖", "田", "董", "潘", "袁", "蔡",
    "蒋", "余", "于", "杜", "叶", "程", "魏", "苏", "吕", "丁", "任", "卢", "姚", "沈", "钟", "姜", "崔", "谭", "陆",
    "范", "汪", "廖", "石", "金", "韦", "贾", "夏", "付", "方", "邹", "熊", "白", "孟", "秦", "邱", "侯", "江", "尹",
    "薛", "闫", "段", "雷", "龙", "黎", "史", "陶", "贺", "毛", "郝", "顾", "龚", "邵", "欧阳", "上官", "司徒", "诸葛",
];

const WOMEN: &[&str] = &[
    "芳", "娜", "敏", "静", "丽", "艳", "娟", "霞", "秀", "燕", "玲", "桂", "红", "云", "梅", "兰", "洁", "雪", "婷",
    "倩", "雯", "欣", "悦", "怡", "琳", "萱", "诗", "雅", "晴", "月", "露", "薇", "蕾", "莹", "岚", "琪", "彤", "瑶",
    "梦", "若",
];

const MEN: &[&str] = &[
    "伟", "强", "磊", "军", "洋", "勇", "杰", "涛", "明", "超", "刚", "平", "辉", "鹏", "华", "飞", "鑫", "波", "斌",
    "宇", "浩", "凯", "健", "俊", "帆", "帅", "旭", "宁", "龙", "林", "峰", "毅", "博", "航", "晨", "轩", "睿", "泽",
    "远", "志",
];

/// Gives names, and the addresses that go with them: the second 王芳 is wang.fang2.
pub(super) struct Namer {
    borne: HashMap<String, usize>,
}

impl Namer {
    pub fn new() -> Self {
        Self { borne: HashMap::new() }
    }

    pub fn name(&self, chance: &mut Chance, woman: bool) -> String {
        let given = if woman { WOMEN } else { MEN };
        let mut name = chance.pick(SURNAMES).to_owned();
        name.push_str(chance.pick(given));
        if chance.once_in(720) {
            name.push_str(chance.pick(given));
        }
        name
    }

    /// The part of the e-mail address before the `@`; no two people get the same.
    pub fn address(&mut self, name: &str) -> String {
        let pinyin = names::sort_key(name);
        let address = match pinyin.split_once(' ') {
            Some((surname, given)) => format!("{surname}.{}", given.replace(' ', "")),
            None => pinyin,
        };
        // Two names may be read the same way with the dot in another place; the login has no dot.
        let borne = self.borne.entry(address.replace('.', "")).or_default();
        *borne += 1;
        if *borne == 1 { address } else { format!("{address}{borne}") }
    }
}
