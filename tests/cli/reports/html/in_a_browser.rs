//! The page as a person meets it: with the keyboard, in both themes, on paper.

use std::fs;
use std::path::{Path, PathBuf};

use crate::browser::Page;
use crate::program::{plimsoll, root};
use crate::reports::mixed;

/// How many controls can be seen.
const SHOWN: &str = "[...document.querySelectorAll('details')].filter(d => d.checkVisibility())";

fn shown(page: &mut Page, condition: &str) -> u64 {
    let script = format!("{SHOWN}.filter(d => {condition}).length");
    page.value(&script).as_u64().expect("a count")
}

/// What the page says it shows.
fn said(page: &mut Page) -> String {
    page.value("document.querySelector('output').value").as_str().expect("a text").to_owned()
}

/// Goes on with Tab until an element has the focus.
fn tab_to(page: &mut Page, selector: &str) {
    let script = format!("document.activeElement.matches({selector:?})");
    for _ in 0..200 {
        if page.value(&script) == true {
            return;
        }
        page.press("Tab", 9, "");
    }
    panic!("Tab does not lead to {selector}");
}

#[test]
fn the_page_is_used_with_the_keyboard_alone() {
    let Some(mut page) = Page::open(&mixed().path("html")) else { return };
    let page = &mut page;
    let all = shown(page, "true");
    assert_eq!(all, u64::try_from(mixed().results().len()).expect("few"));
    assert_eq!(said(page), format!("{all} of {all} controls shown"));

    page.type_text("/");
    page.type_text("TLS min-version");
    let found = shown(page, "true");
    assert!(0 < found && found < all, "{found} of {all}");
    assert_eq!(shown(page, "!d.textContent.includes('tls-min-version')"), 0);
    assert_eq!(said(page), format!("{found} of {all} controls shown"));
    assert_eq!(page.value("location.hash"), "#q=TLS+min-version");
    page.press("Escape", 27, "");
    assert_eq!(shown(page, "true"), all, "Escape clears the search");

    tab_to(page, "input[value=manual]");
    page.type_text(" ");
    let manual = shown(page, "true");
    assert!(0 < manual && manual < all, "{manual} of {all}");
    assert_eq!(shown(page, "d.dataset.status !== 'manual'"), 0);
    tab_to(page, "input[value=high]");
    page.type_text(" ");
    assert!(shown(page, "true") < manual);
    assert_eq!(shown(page, "d.dataset.severity !== 'high'"), 0);

    tab_to(page, "summary");
    assert_eq!(page.value("document.activeElement.parentElement.open"), false);
    page.press("Enter", 13, "\r");
    let unfolded = "document.activeElement.parentElement";
    assert_eq!(page.value(&format!("{unfolded}.open")), true);
    let reasons = format!(
        "new Promise(done => {{ const look = () => {unfolded}.querySelector('.why') \
         ? done({unfolded}.innerText) : requestAnimationFrame(look); look(); }})"
    );
    let text = page.value(&reasons);
    let text = text.as_str().expect("a text");
    for part in ["Remediation", "Rule", "Why", "What changes"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn a_count_leads_to_what_it_counts() {
    let Some(mut page) = Page::open(&mixed().path("html")) else { return };
    let page = &mut page;
    tab_to(page, "td.fail a");
    let count = page.value("Number(document.activeElement.textContent)");
    let changed = "new Promise(done => { addEventListener('hashchange', () => done(0)); \
                   document.activeElement.click(); })";
    page.value(changed);
    assert_eq!(shown(page, "true"), count);
    assert_eq!(shown(page, "!['fail', 'known'].includes(d.dataset.status)"), 0);
    assert_eq!(page.value("document.activeElement.id"), "results");
    let chosen = "document.querySelector('[name=section]').value !== ''";
    assert_eq!(page.value(chosen), true, "the section is chosen in the form too");
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn one_target_or_all_of_a_component_can_be_chosen() {
    let Some(mut page) = Page::open(&mixed().path("html")) else { return };
    let page = &mut page;
    let mut targets = |choice: &str| {
        let choose = format!(
            "(() => {{ const choice = document.querySelector('[name=target]'); \
             choice.value = '{choice}'; choice.dispatchEvent(new Event('input', {{bubbles: true}})); \
             return document.querySelectorAll('.target:not([hidden])').length; }})()"
        );
        page.value(&choose).as_u64().expect("a count")
    };
    assert_eq!(targets("1"), 1);
    assert!(targets("kube-apiserver") > 1);
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn without_scripts_all_can_be_read() {
    let Some(mut page) = Page::open(&mixed().path("html")) else { return };
    let page = &mut page;
    page.reload_without_scripts();
    let top = |id: &str| format!("document.getElementById('{id}').getBoundingClientRect().top");
    let is_first = format!("{} < {}", top("overview"), top("results"));
    assert_eq!(page.value(&is_first), true, "the overview comes first");
    assert_eq!(page.value("document.getElementById('filter').checkVisibility()"), false);
    let all = u64::try_from(mixed().results().len()).expect("few");
    assert_eq!(shown(page, "true"), all);
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn hostile_text_stays_text() {
    let Some(mut page) = Page::open(&mixed().path("html")) else { return };
    let page = &mut page;
    assert_eq!(page.value("document.scripts.length"), 1);
    assert_eq!(
        page.value("document.querySelectorAll('h2 *, summary .title *, .value *').length"),
        0
    );
    assert_eq!(page.value("document.compatMode"), "CSS1Compat");
    let is_shown = "[...document.querySelectorAll('.value')]\
                    .some(value => value.textContent.startsWith('<script>alert(1)</script>]]>'))";
    assert_eq!(page.value(is_shown), true);
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn paper_shows_everything_and_no_buttons() {
    let Some(mut page) = Page::open(&mixed().path("html")) else { return };
    let page = &mut page;
    let hidden = "[...document.querySelectorAll('details dl')].filter(d => !d.checkVisibility({contentVisibilityAuto: true}) || d.offsetHeight === 0).length";
    page.show_as(800, "light", "screen");
    assert_ne!(page.value(hidden), 0, "on a screen they are folded");
    page.show_as(800, "light", "print");
    assert_eq!(page.value(hidden), 0);
    let controls = "[...document.querySelectorAll('button, input, select')].filter(e => e.checkVisibility()).length";
    assert_eq!(page.value(controls), 0);
    assert_eq!(page.complaints(), [""; 0]);
}

/// Where pictures are kept: a folder that somebody wants to look at, or one that goes.
fn pictures(own: &Path) -> PathBuf {
    std::env::var_os("PLIMSOLL_SCREENSHOTS")
        .map_or_else(|| own.to_owned(), |folder| root().join(folder))
}

#[test]
fn it_fits_narrow_and_wide_screens_in_both_themes() {
    let own = tempfile::tempdir().expect("a folder");
    let folder = pictures(own.path());
    fs::create_dir_all(&folder).expect("made");
    let plain = own.path().join("plain.html");
    let output = format!("--output=html={}", plain.display());
    plimsoll(["check", "--quiet", &output, "fixtures/manifests/kubeadm-1.34.yaml"]);
    for (name, file) in [("mixed", &mixed().path("html")), ("plain", &plain)] {
        let Some(mut page) = Page::open(file) else { return };
        for width in [400, 1400] {
            for theme in ["light", "dark"] {
                page.show_as(width, theme, "screen");
                for part in ["top", "folded", "unfolded"] {
                    page.value(&format!("{SHOW}({part:?})"));
                    let fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth";
                    assert_eq!(page.value(fits), true, "{name} {width} {theme} {part}");
                    let picture = page.picture();
                    assert!(picture.starts_with(b"\x89PNG"));
                    let name = format!("{name}-{width}-{theme}-{part}.png");
                    fs::write(folder.join(name), picture).expect("written");
                }
            }
        }
        assert_eq!(page.complaints(), [""; 0]);
    }
}

/// A function that brings a part of the page into view.
const SHOW: &str = "(part => {
    for (const d of document.querySelectorAll('details')) d.open = part === 'unfolded';
    if (part === 'top') scrollTo(0, 0);
    else document.getElementById('results').scrollIntoView();
})";
