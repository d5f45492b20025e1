//! Answers from the readers: search, a question with all that hangs on it, lists, histories, help.

use std::collections::BTreeSet;

use super::Fault;
use super::Inner;
use super::replies::Cards;
use crate::card;
use crate::command::view::{History, Questions, Search, Show, Similar, Tags};
use crate::command::{ListOrder, Target, View};
use crate::conventions::{Argument, Replies};
use crate::document::Card;
use crate::forum::{
    Address, AnswerView, Condition, ForumId, Hit, Page, PlaceId, PostId, PostView, Refusal,
    ThreadView, in_ten,
};
use crate::panics::{self, PanicPoint};
use crate::platform::{MessageKey, PlaceKey, Platform};
use crate::store::{Listing, Order, PlaceRow};
use crate::text::Key;

/// How many questions are on a page of a list: as many as fit into a message everywhere.
const LISTED: u32 = 10;

/// What is meant in a place of a forum.
pub(super) struct MeantIn {
    pub place: PlaceRow,
    pub forum: ForumId,
    /// The post, if there is one.
    pub post: Option<PostId>,
    /// Its address, as far as it is said or known.
    pub address: Option<Address>,
}

impl Inner {
    /// What somebody wants to see, in a forum; `here` is the post that their message hangs on. Blocking.
    pub(super) fn view(
        &self,
        platform: Platform,
        forum: ForumId,
        view: &View,
        (here, place): (Option<PostId>, Option<PlaceId>),
    ) -> Result<Card, Fault> {
        let cards = self.cards(platform);
        let here = (here, place);
        match view {
            View::Search(Search { query, page }) => self.search(cards, forum, query, *page),
            View::Similar(Similar { text }) => {
                let found = self.reading.similar(forum, text, self.similar)?;
                let certain = found.first().map_or(1, |found| in_ten(found.score));
                let hits: Vec<Hit> = found.into_iter().map(|found| found.hit).collect();
                Ok(Card {
                    holds: held_by_hits(&hits),
                    ..card::similar(cards.texts, cards.prefix, &hits, certain)
                })
            }
            View::Show(Show { post: said, page }) => {
                self.on_post(cards, forum, *said, here, |post, address| {
                    let question = self.store.reader().question_of(post)?.unwrap_or(post);
                    let thread = self.store.reader().thread(question)?;
                    let Some(thread) = thread else {
                        return Ok(None);
                    };
                    // An answer is shown alone, with its comments.
                    let one = thread.answers.iter().find(|one| {
                        address.answer.is_some() && one.post.address.answer == address.answer
                    });
                    let shown = match one {
                        Some(one) => Card {
                            holds: held_by_answer(one).collect(),
                            ..card::show_answer(
                                cards.texts,
                                cards.prefix,
                                (&thread, one),
                                cards.page,
                                *page,
                            )
                        },
                        None => Card {
                            holds: held_by_thread(&thread),
                            ..card::show(cards.texts, cards.prefix, &thread, cards.page, *page)
                        },
                    };
                    // Where it looks like a card, it is one but for its changes.
                    let shown = match platform.conventions().replies {
                        Replies::Stay if !shown.holds.is_empty() => {
                            let about = one.map_or(&thread.question.post, |one| &one.post);
                            let (now, address) = (self.clock.now(), about.address);
                            Card {
                                shows: Some(about.id),
                                ..card::as_of(cards.texts, shown, now, address)
                            }
                        }
                        Replies::Stay | Replies::Pass => shown,
                    };
                    self.with_old_numbers(cards, shown, question, *said, place)
                        .map(Some)
                })
            }
            View::History(History { post, page }) => {
                self.on_post(cards, forum, *post, here, |post, address| {
                    let texts = self.store.reader().history(post)?;
                    if texts.is_empty() {
                        return self.unseen(cards, post, address);
                    }
                    let shown = card::history(
                        cards.texts,
                        cards.prefix,
                        address,
                        &texts,
                        cards.page,
                        *page,
                    );
                    Ok(Some(Card {
                        holds: BTreeSet::from([post]),
                        ..shown
                    }))
                })
            }
            View::Questions(Questions { order, tag, page }) => {
                self.list(cards, forum, *order, tag.clone(), *page)
            }
            View::Tags(Tags { begin, page }) => {
                self.listed_tags(cards, forum, begin.as_deref(), *page)
            }
            View::Help(help) => Ok(cards.help(help)),
        }
    }

    fn search(
        &self,
        cards: Cards<'_>,
        forum: ForumId,
        query: &str,
        number: u32,
    ) -> Result<Card, Fault> {
        panics::here(PanicPoint::View, query);
        let (page, fits_well) = self.reading.page(forum, query, cards.items, number)?;
        let next = (page.number < page.pages).then(|| {
            let next = format!("page:{}", page.number.saturating_add(1));
            let arguments = [Argument::Option("words", query), Argument::Word(&next)];
            cards.phrasing.command("search", &arguments)
        });
        let found = card::hits(cards.texts, cards.prefix, query, &page, next.as_deref());
        // Of the first page alone: what comes later fits worse.
        let found = match page.number == 1 && !page.items.is_empty() && !fits_well {
            true => card::fits_badly(cards.texts, found),
            false => found,
        };
        Ok(Card {
            holds: held_by_hits(&page.items),
            ..found
        })
    }

    fn list(
        &self,
        cards: Cards<'_>,
        forum: ForumId,
        order: ListOrder,
        tag: Option<String>,
        number: u32,
    ) -> Result<Card, Fault> {
        let word = cards.words.order(order);
        let (order, heading) = match order {
            ListOrder::Recent => (Order::Recent, Key::ListRecent),
            ListOrder::Unanswered => (Order::Unanswered, Key::ListUnanswered),
            ListOrder::Hot => (Order::Hot, Key::ListHot),
            ListOrder::Votes => (Order::Votes, Key::ListVotes),
        };
        let listing = Listing {
            order,
            tag: tag.clone(),
            page: number,
            items: LISTED,
        };
        let page = self.reading.list(forum, &listing)?;
        let next = (page.number < page.pages).then(|| {
            let next = format!("page:{}", page.number.saturating_add(1));
            let tagged = tag.as_ref().map(|tag| format!("tag:{tag}"));
            let tagged = tagged.as_deref().map(Argument::Word);
            let mut arguments = vec![Argument::Option("list", word)];
            arguments.extend(tagged);
            arguments.push(Argument::Word(&next));
            cards.phrasing.command("questions", &arguments)
        });
        let listed = card::list(
            cards.texts,
            cards.prefix,
            (heading, tag.as_deref()),
            &page,
            next.as_deref(),
        );
        Ok(Card {
            holds: page.items.iter().map(|question| question.post.id).collect(),
            ..listed
        })
    }

    /// The tags of a forum that begin so; the last page where it is beyond it.
    fn listed_tags(
        &self,
        cards: Cards<'_>,
        forum: ForumId,
        begin: Option<&str>,
        number: u32,
    ) -> Result<Card, Fault> {
        let all = self.store.reader().tags(forum, begin.unwrap_or_default())?;
        let each = usize::try_from(LISTED).unwrap_or(usize::MAX).max(1);
        let pages = u32::try_from(all.len().div_ceil(each)).unwrap_or(u32::MAX);
        let number = number.clamp(1, pages.max(1));
        let before = usize::try_from(number - 1)
            .unwrap_or(usize::MAX)
            .saturating_mul(each);
        let page = Page {
            total: all.len() as u64,
            items: all.into_iter().skip(before).take(each).collect(),
            number,
            pages,
            more: false,
        };
        let next = (number < pages).then(|| {
            let begin = begin.map(|begin| format!(" {begin}")).unwrap_or_default();
            format!("{}tags{begin} page:{}", cards.prefix, number + 1)
        });
        let listed = card::tags(cards.texts, cards.prefix, begin, &page, next.as_deref());
        Ok(Card {
            // A tag that one question has is its text alone.
            holds: page.items.iter().filter_map(|tag| tag.sole).collect(),
            ..listed
        })
    }

    /// The question that is meant, or that of the post that is.
    pub(super) fn question_meant(
        &self,
        forum: ForumId,
        target: Target,
        here: (Option<PostId>, Option<PlaceId>),
    ) -> Result<Option<PostId>, Fault> {
        let (post, _) = self.meant(forum, target, here)?;
        let question = post.map(|post| self.store.reader().question_of(post));
        Ok(question.transpose()?.flatten())
    }

    /// The post that is meant in a place, where that is one of a forum; `here` is the message that is looked at. Blocking.
    pub(super) fn meant_in(
        &self,
        platform: Platform,
        place: &PlaceKey,
        target: Target,
        here: Option<&MessageKey>,
    ) -> Result<Option<MeantIn>, Fault> {
        let reader = self.store.reader();
        let Some(place) = reader.place(platform, place)? else {
            return Ok(None);
        };
        let Some(forum) = place.forum else {
            return Ok(None);
        };
        let here = here
            .map(|here| reader.surface(place.id, here))
            .transpose()?;
        let (post, address) = self.meant(forum, target, (here.flatten(), Some(place.id)))?;
        Ok(Some(MeantIn {
            place,
            forum,
            post,
            address,
        }))
    }

    /// The post that is meant, if there is one, and its address as far as it is said or known.
    pub(super) fn meant(
        &self,
        forum: ForumId,
        target: Target,
        (here, place): (Option<PostId>, Option<PlaceId>),
    ) -> Result<(Option<PostId>, Option<Address>), Fault> {
        let reader = self.store.reader();
        // A conversation's forum can be another than it was when the post was shown there.
        let of = here
            .map(|here| reader.forum_of(here))
            .transpose()?
            .flatten();
        let here = here.filter(|_| of == Some(forum));
        Ok(match target {
            Target::At(address) => match (reader.resolve(forum, address)?, place) {
                (Some(post), _) => (Some(post), Some(address)),
                // A number of before its forum joined another.
                (None, Some(place)) => match reader.formerly(place, address.question)? {
                    Some((_, question)) => {
                        let now = Address {
                            question,
                            ..address
                        };
                        (reader.resolve(forum, now)?, Some(now))
                    }
                    None => (None, Some(address)),
                },
                (None, None) => (None, Some(address)),
            },
            Target::Here => (
                here,
                here.map(|here| reader.address(here)).transpose()?.flatten(),
            ),
        })
    }

    /// Adds what a question's number was in a place before its forum joined another, and which question had the number that was said.
    fn with_old_numbers(
        &self,
        cards: Cards<'_>,
        mut card: Card,
        question: PostId,
        said: Target,
        place: Option<PlaceId>,
    ) -> Result<Card, Fault> {
        let Some(place) = place else { return Ok(card) };
        let reader = self.store.reader();
        let mut notes = Vec::new();
        if let Some(before) = reader.former_number(place, question)?
            && let Some(address) = reader.address(question)?
        {
            notes.push(card::former(cards.texts, address, before));
        }
        if let Target::At(said) = said
            && let Some((other, now)) = reader.formerly(place, said.question)?
            && other != question
        {
            notes.push(card::former(
                cards.texts,
                Address::question(now),
                said.question,
            ));
        }
        // Behind the title, where it is seen on every page.
        let at = card.blocks.len().min(1);
        card.blocks.splice(at..at, notes);
        Ok(card)
    }

    /// Why nothing is shown of a post that has no text to show, if it is there.
    fn unseen(
        &self,
        cards: Cards<'_>,
        post: PostId,
        address: Address,
    ) -> Result<Option<Card>, Fault> {
        let view = self.store.reader().question(post)?;
        let refusal = view.map(|view| match view.post.condition {
            Condition::Hidden(_) => Refusal::Hidden { address },
            Condition::Visible | Condition::Withdrawn => Refusal::Withdrawn { address },
        });
        Ok(refusal.map(|refusal| cards.refusal(&refusal)))
    }

    /// Looks at the post that is meant, or says why that can't be.
    fn on_post(
        &self,
        cards: Cards<'_>,
        forum: ForumId,
        target: Target,
        here: (Option<PostId>, Option<PlaceId>),
        look: impl FnOnce(PostId, Address) -> Result<Option<Card>, Fault>,
    ) -> Result<Card, Fault> {
        let (post, address) = self.meant(forum, target, here)?;
        let (Some(post), Some(address)) = (post, address) else {
            return Ok(match address {
                Some(address) => cards.refusal(&Refusal::NoSuchPost { address }),
                None => cards.talk(),
            });
        };
        Ok(look(post, address)?.unwrap_or_else(|| cards.refusal(&Refusal::NoSuchPost { address })))
    }
}

/// The posts whose text is shown of what was found.
fn held_by_hits(hits: &[Hit]) -> BTreeSet<PostId> {
    let ids = |hit: &Hit| {
        [
            Some(hit.question.post.id),
            hit.answer.as_ref().map(|answer| answer.id),
        ]
    };
    hits.iter().flat_map(ids).flatten().collect()
}

/// The posts of a question whose text is shown with it, on whichever page.
fn held_by_thread(thread: &ThreadView) -> BTreeSet<PostId> {
    let asked = std::iter::once(&thread.question.post).chain(&thread.comments);
    visible(asked)
        .chain(thread.answers.iter().flat_map(held_by_answer))
        .collect()
}

/// The posts of an answer whose text is shown with it.
fn held_by_answer(one: &AnswerView) -> impl Iterator<Item = PostId> {
    visible(std::iter::once(&one.post).chain(&one.comments))
}

/// Those of some posts whose text is shown.
fn visible<'a>(posts: impl Iterator<Item = &'a PostView>) -> impl Iterator<Item = PostId> {
    posts
        .filter(|post| post.condition == Condition::Visible)
        .map(|post| post.id)
}
