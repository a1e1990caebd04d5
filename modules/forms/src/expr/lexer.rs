use rust_decimal::Decimal;

use super::{ExprError, MAX_SOURCE, Op, Span, number};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(Decimal),
    Text(String),
    /// A name, or names joined by dots.
    Path(String),
    True,
    False,
    Null,
    Op(Op),
    And,
    Or,
    Not,
    Question,
    Colon,
    Comma,
    Open,
    Close,
    OpenList,
    CloseList,
    End,
}

/// What Chinese input methods type where the language wants ASCII.
const FULL_WIDTH: [(char, &str); 30] = [
    ('（', "("),
    ('）', ")"),
    ('【', "["),
    ('】', "]"),
    ('［', "["),
    ('］', "]"),
    ('，', ","),
    ('、', ","),
    ('。', "."),
    ('．', "."),
    ('：', ":"),
    ('？', "?"),
    ('！', "!"),
    ('“', "\""),
    ('”', "\""),
    ('‘', "'"),
    ('’', "'"),
    ('＂', "\""),
    ('＜', "<"),
    ('＞', ">"),
    ('＝', "="),
    ('＋', "+"),
    ('－', "-"),
    ('＊', "*"),
    ('／', "/"),
    ('％', "%"),
    ('＆', "&"),
    ('｜', "|"),
    ('×', "*"),
    ('÷', "/"),
];

/// Signs that mathematics writes and the language spells otherwise.
const SIGNS: [(char, &str); 3] = [('≥', ">="), ('≤', "<="), ('≠', "!=")];

pub(super) fn tokens(source: &str) -> Result<Vec<(Token, Span)>, ExprError> {
    if source.chars().count() > MAX_SOURCE {
        return Err(ExprError::new(source, Span::new(0, source.len()), "too_long").with("limit", MAX_SOURCE));
    }
    let mut lexer = Lexer { source, at: 0 };
    let mut tokens = Vec::new();
    loop {
        let (token, span) = lexer.next()?;
        let end = token == Token::End;
        tokens.push((token, span));
        if end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'s> {
    source: &'s str,
    at: usize,
}

impl Lexer<'_> {
    fn next(&mut self) -> Result<(Token, Span), ExprError> {
        self.skip(|letter| matches!(letter, ' ' | '\t' | '\r' | '\n' | '\u{3000}'));
        let start = self.at;
        let token = match self.peek() {
            None => Token::End,
            Some('0'..='9') => self.number()?,
            Some(quote @ ('"' | '\'')) => self.text(quote)?,
            Some(letter) if starts_name(letter) => self.name()?,
            Some(_) => self.sign()?,
        };
        Ok((token, Span::new(start, self.at)))
    }

    fn number(&mut self) -> Result<Token, ExprError> {
        let start = self.at;
        self.skip(|letter| letter.is_ascii_digit());
        if self.peek() == Some('.') {
            self.at += 1;
            self.skip(|letter| letter.is_ascii_digit());
        }
        self.skip(in_name);
        let written = &self.source[start..self.at];
        number::read(written)
            .map(Token::Number)
            .ok_or_else(|| ExprError::new(self.source, Span::new(start, self.at), "bad_number").with("found", written))
    }

    fn text(&mut self, quote: char) -> Result<Token, ExprError> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let at = self.at;
            match self.take() {
                None | Some('\n') => {
                    return Err(ExprError::new(self.source, Span::new(start, at), "unclosed_text"));
                }
                Some(letter) if letter == quote => return Ok(Token::Text(text)),
                Some('\\') => match self.take() {
                    Some(letter @ ('"' | '\'' | '\\')) => text.push(letter),
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    _ => return Err(ExprError::new(self.source, Span::new(at, self.at), "bad_escape")),
                },
                Some(letter) => text.push(letter),
            }
        }
    }

    fn name(&mut self) -> Result<Token, ExprError> {
        let start = self.at;
        self.skip(in_name);
        while self.peek() == Some('.') && self.source[self.at + 1..].starts_with(starts_name) {
            self.at += 1;
            self.skip(in_name);
        }
        let name = &self.source[start..self.at];
        let error = || ExprError::new(self.source, Span::new(start, self.at), "word_operator").with("found", name);
        match name {
            "true" => Ok(Token::True),
            "false" => Ok(Token::False),
            "null" => Ok(Token::Null),
            "in" => Ok(Token::Op(Op::In)),
            "and" | "AND" => Err(error().write("&&")),
            "or" | "OR" => Err(error().write("||")),
            "not" | "NOT" => Err(error().write("!")),
            _ => Ok(Token::Path(name.to_owned())),
        }
    }

    fn sign(&mut self) -> Result<Token, ExprError> {
        const WRITTEN: [(&str, Token); 21] = [
            ("==", Token::Op(Op::Equal)),
            ("!=", Token::Op(Op::NotEqual)),
            ("<=", Token::Op(Op::LessOrEqual)),
            (">=", Token::Op(Op::GreaterOrEqual)),
            ("&&", Token::And),
            ("||", Token::Or),
            ("<", Token::Op(Op::Less)),
            (">", Token::Op(Op::Greater)),
            ("+", Token::Op(Op::Add)),
            ("-", Token::Op(Op::Subtract)),
            ("*", Token::Op(Op::Multiply)),
            ("/", Token::Op(Op::Divide)),
            ("%", Token::Op(Op::Remainder)),
            ("!", Token::Not),
            ("?", Token::Question),
            (":", Token::Colon),
            (",", Token::Comma),
            ("(", Token::Open),
            (")", Token::Close),
            ("[", Token::OpenList),
            ("]", Token::CloseList),
        ];
        let rest = &self.source[self.at..];
        if let Some((sign, token)) = WRITTEN.iter().find(|(sign, _)| rest.starts_with(sign)) {
            self.at += sign.len();
            return Ok(token.clone());
        }
        Err(self.unknown_sign())
    }

    fn unknown_sign(&mut self) -> ExprError {
        let start = self.at;
        let letter = self.take().unwrap_or_default();
        let error =
            |code| ExprError::new(self.source, Span::new(start, self.at), code).with("found", letter.to_string());
        if let Some((_, ascii)) = FULL_WIDTH.iter().chain(&SIGNS).find(|(wide, _)| *wide == letter) {
            return error("full_width").write(*ascii);
        }
        match letter {
            '=' => error("single_equals").write("=="),
            '&' => error("unexpected").write("&&"),
            '|' => error("unexpected").write("||"),
            _ => error("unexpected"),
        }
    }

    fn peek(&self) -> Option<char> {
        self.source[self.at..].chars().next()
    }

    fn take(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += letter.len_utf8();
        Some(letter)
    }

    fn skip(&mut self, which: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&which) {
            self.take();
        }
    }
}

fn starts_name(letter: char) -> bool {
    letter.is_ascii_alphabetic() || letter == '_'
}

fn in_name(letter: char) -> bool {
    starts_name(letter) || letter.is_ascii_digit()
}
