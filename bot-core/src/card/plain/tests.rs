use insta::assert_snapshot;
use proptest::prelude::*;

use super::super::{fold, markdown};
use super::*;
use crate::forum::{Address, Timestamp};

fn drawn(text: &str, style: Style) -> String {
    let blocks = markdown(text);
    plain(
        &Card {
            blocks,
            ..Card::default()
        },
        style,
    )
}

#[test]
fn a_text_is_drawn_much_as_it_was_typed() {
    let text = "# Head\n\nOne *two* **three** ~~four~~ `five`\nsix [seven](https://x.org) <https://y.org> <a@b.org>\n\n> said\n>\n> > before\n\n9. nine\n10. ten\n    - in\n\n- loose\n\n  ```sh\n  ls\n\n  cd\n  ```\n- end\n\n***";
    assert_snapshot!(drawn(text, Style::Plain), @r"
    Head

    One *two* **three** ~~four~~ `five`
    six seven (https://x.org) https://y.org a@b.org

    > said
    >
    > > before

    9. nine
    10. ten
        - in

    - loose

      ```sh
      ls

      cd
      ```

    - end

    ---
    ");
}

#[test]
fn a_terminal_gets_looks_that_end_where_they_should() {
    let card = Card {
        blocks: vec![
            Block::Title(vec![
                Inline::Address(Address::question(42)),
                Inline::Text(" Title".into()),
            ]),
            Block::Small(vec![
                Inline::Text("a ".into()),
                Inline::Strong(vec![Inline::Text("b".into())]),
                Inline::Mark("c".into()),
                crate::text::Texts::new("en").time(Timestamp(0)),
            ]),
            Block::Title(vec![Inline::Fact(
                Fact::Accepted,
                vec![
                    Inline::Text("by d, ".into()),
                    Inline::Fact(Fact::Score, vec![Inline::Text("+1 vote".into())]),
                ],
            )]),
            Block::Small(vec![
                Inline::Fact(Fact::Unanswered, vec![Inline::Text("no answers".into())]),
                Inline::Text(" e".into()),
            ]),
        ],
        ..Card::default()
    };
    assert_snapshot!(plain(&card, Style::Ansi).replace('\u{1b}', "ESC"), @"
    ESC[1m#42 TitleESC[0m

    ESC[2ma ESC[1mbESC[0mESC[2mESC[22;1;31mcESC[0mESC[2m1 Jan 1970, 00:00 UTCESC[0m

    ESC[1mESC[22;1;32mby d, ESC[22;35m+1 voteESC[0mESC[1mESC[22;1;32mESC[0mESC[1mESC[0m

    ESC[2mESC[22;33mno answersESC[0mESC[2m eESC[0m
    ");
}

#[test]
fn a_terminal_with_colours_has_code_without_its_marks() {
    assert_eq!(
        drawn("run `ls -l`:\n\n```sh\nls\n\ncd\n```", Style::Ansi).replace('\u{1b}', "ESC"),
        "run ESC[36mls -lESC[0m:\n\n    ESC[36mlsESC[0m\n\n    ESC[36mcdESC[0m"
    );
}

#[test]
fn backticks_in_code_stay_in_the_code() {
    assert_eq!(drawn("`` a`b ``", Style::Plain), "``a`b``");
    assert_eq!(drawn("`` ` ``", Style::Plain), "`` ` ``");
    assert_eq!(
        drawn("````\n```\nx\n```\n````", Style::Plain),
        "````\n```\nx\n```\n````"
    );
}

#[test]
fn no_text_steers_a_terminal() {
    let evil = "a\u{1b}[2Jb\u{9b}c\u{7}d\u{202e}e\rf";
    let inside = || vec![Inline::Text(evil.into())];
    let card = Card {
        blocks: vec![
            Block::Title(inside()),
            Block::Paragraph(vec![
                Inline::Code(evil.into()),
                Inline::Mark(evil.into()),
                Inline::Link {
                    to: evil.into(),
                    text: inside(),
                },
            ]),
            Block::Code {
                language: Some(evil.into()),
                text: evil.into(),
            },
        ],
        ..Card::default()
    };
    assert_snapshot!(plain(&card, Style::Plain), @r"
    a[2Jbcdef

    `a[2Jbcdef`a[2Jbcdefa[2Jbcdef (a[2Jbcdef)

    ```a[2Jbcdef
    a[2Jbcdef
    ```
    ");
}

proptest! {
    #[test]
    fn plain_text_has_no_control_characters(text in any::<String>()) {
        let drawn = drawn(&text, Style::Plain);
        prop_assert!(drawn.chars().all(|c| matches!(c, '\n' | '\t') || !c.is_control()));
    }

    #[test]
    fn plain_text_is_no_longer_than_it_was_weighed(text in "([>*_~`#\\[\\]()!<&;:/ \n\t-]|[0-9]\\.|[a-c]){0,200}") {
        let weight = fold::weight(&markdown(&text));
        let json = drawn(&text, Style::Plain).replace(['\n', '"', '\\'], "..");
        prop_assert!(json.len() <= weight);
    }
}
