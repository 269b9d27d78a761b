//! What a person does with the page, on the built site, below a sub-path, in a fresh profile each time.
//! Every visit also fails when the browser's console shows an error.

use tests::page::{Lab, Visitor, address, visit};
use thirtyfour::prelude::*;

const TWO_TENANTS: &str = "Private Link Service across two tenants";
const PEERED: &str = "Storage and Key Vault by private endpoint, peered VNETs";

fn as_visitor(steps: impl AsyncFnOnce(Lab) -> WebDriverResult<()>) {
    visit(Visitor::default(), steps);
}

/// Whether some step says all of these words.
fn says(steps: &[String], words: &[&str]) -> bool {
    steps.iter().any(|step| words.iter().all(|word| step.contains(word)))
}

#[test]
fn a_request_across_two_tenants_shows_the_nat_address_as_the_caller() {
    as_visitor(async |lab| {
        lab.open("").await?;
        assert_eq!(lab.title().await?, TWO_TENANTS);
        let steps = lab.send().await?;
        assert!(says(&steps, &["caller", "10.0.2.4"]), "{steps:#?}");
        assert!(says(&steps, &["10.0.1.4"]), "{steps:#?}");
        Ok(())
    });
}

#[test]
fn the_first_visit_plays_the_request_once() {
    visit(Visitor { reduced_motion: false, ..Visitor::default() }, async |lab| {
        lab.open("").await?;
        lab.find("button", "Pause").await?;
        lab.until("the packet moves on by itself", async || Ok(lab.step().await? > 1)).await?;
        lab.press("Pause").await?;
        // Between two steps, the first press finishes the step that is under way.
        lab.press("Step forward").await?;
        let settled = lab.step().await?;
        lab.press("Step forward").await?;
        lab.until("one step on", async || Ok(lab.step().await? == settled + 1)).await?;
        lab.press("Step back").await?;
        lab.until("one step back", async || Ok(lab.step().await? == settled)).await
    });
}

#[test]
fn the_timeline_is_scrubbed_with_the_keyboard() {
    as_visitor(async |lab| {
        lab.open("").await?;
        let steps = lab.send().await?.len();
        let timeline = lab.find("slider", "Timeline").await?;
        for (key, expected) in [(Key::End, steps), (Key::Left, steps - 1), (Key::Home, 1), (Key::Right, 2)] {
            timeline.send_keys(key.clone()).await?;
            lab.until(format!("{key:?} leads to step {expected}"), async || Ok(lab.step().await? == expected)).await?;
        }
        let spoken = timeline.attr("aria-valuetext").await?.unwrap_or_default();
        assert!(spoken.starts_with(&format!("Step 2 of {steps}")), "{spoken}");
        Ok(())
    });
}

#[test]
fn a_step_in_the_list_and_the_timeline_are_the_same_moment() {
    as_visitor(async |lab| {
        lab.open("").await?;
        lab.send().await?;
        let list = lab.find("list", "Steps").await?;
        list.find(By::Css(":scope > li:nth-child(3) button")).await?.click().await?;
        lab.until("the timeline stands at step 3", async || Ok(lab.step().await? == 3)).await?;
        let current = list.find_all(By::Css("[aria-current=step]")).await?;
        assert_eq!(current.len(), 1);
        Ok(())
    });
}

#[test]
fn the_outline_selects_what_the_inspector_shows() {
    as_visitor(async |lab| {
        lab.open("").await?;
        lab.inspect("client1").await?;
        let inspector = lab.find("complementary", "Inspector").await?.text().await?;
        assert!(inspector.contains("10.0.0.0/16") && inspector.contains("InterfaceEndpoint"), "{inspector}");
        lab.inspect("pls-iis").await
    });
}

#[test]
fn another_scenario_opens_and_undo_brings_the_first_one_back() {
    as_visitor(async |lab| {
        lab.open("").await?;
        lab.open_scenario(PEERED).await?;
        let steps = lab.send().await?;
        assert!(says(&steps, &["rg1sto1brng1.privatelink.blob.core.windows.net"]), "{steps:#?}");
        assert!(says(&steps, &["10.0.0.5"]), "{steps:#?}");
        lab.press("Undo").await?;
        lab.until("the first scenario is back", async || Ok(lab.title().await? == TWO_TENANTS)).await?;
        lab.press("Redo").await?;
        lab.until("the second is open again", async || Ok(lab.title().await? == PEERED)).await
    });
}

#[test]
fn linking_the_zone_turns_403_into_200() {
    as_visitor(async |lab| {
        lab.open("").await?;
        lab.open_scenario(PEERED).await?;
        lab.choose("From", "rg1vm2").await?;
        let refused = lab.send().await?;
        assert!(says(&refused, &["52.239.170.68"]) && says(&refused, &["403"]), "{refused:#?}");

        lab.inspect("privatelink.blob.core.windows.net").await?;
        lab.choose("Link to virtual network", "rg1vnet2").await?;
        lab.press("Link").await?;
        lab.find("button", "Unlink rg1vnet2").await?;
        let answered = lab.send().await?;
        assert!(says(&answered, &["200"]) && says(&answered, &["10.0.0.5"]), "{answered:#?}");
        assert!(!says(&answered, &["403"]), "{answered:#?}");
        Ok(())
    });
}

#[test]
fn a_shared_link_opens_the_same_in_a_fresh_profile() {
    let mut shared = None;
    as_visitor(async |lab| {
        lab.open("").await?;
        lab.open_scenario(PEERED).await?;
        lab.choose("From", "rg1vm2").await?;
        let steps = lab.send().await?;
        shared = Some((lab.share().await?, lab.title().await?, steps));
        Ok(())
    });
    let (link, title, steps) = shared.expect("the first visit succeeded");
    assert!(link.starts_with("#1z"), "{link}");
    as_visitor(async |lab| {
        lab.open(&link).await?;
        assert_eq!(lab.title().await?, title);
        assert_eq!(lab.send().await?, steps);
        Ok(())
    });
}

#[test]
fn a_damaged_link_says_so_and_leaves_what_was_open() {
    as_visitor(async |lab| {
        lab.open("").await?;
        lab.open_scenario(PEERED).await?;
        lab.driver().execute("location.hash = '#1zgarbage'", vec![]).await?;
        lab.told("could not be opened").await?;
        assert_eq!(lab.title().await?, PEERED);
        lab.driver().execute("location.hash = '#https://example.com/'", vec![]).await?;
        lab.told("not a link to a topology").await?;
        assert_eq!(lab.title().await?, PEERED);
        Ok(())
    });
}

#[test]
fn a_damaged_link_on_a_first_visit_still_opens_the_lab() {
    as_visitor(async |lab| {
        lab.open("#1zgarbage").await?;
        lab.told("could not be opened").await?;
        lab.until("the first scenario is open", async || Ok(lab.title().await? == TWO_TENANTS)).await
    });
}

#[test]
fn a_reload_restores_what_was_open() {
    as_visitor(async |lab| {
        lab.open("").await?;
        lab.open_scenario(PEERED).await?;
        lab.driver().refresh().await?;
        lab.until("the document is back", async || Ok(lab.title().await? == PEERED)).await
    });
}

#[test]
fn everything_is_done_with_the_keyboard_alone() {
    as_visitor(async |lab| {
        lab.open("").await?;
        lab.tab_to("button", "Send request").await?;
        lab.keys(Key::Enter).await?;
        let steps = lab.steps().await?.len();
        lab.tab_to("slider", "Timeline").await?;
        lab.keys(Key::End).await?;
        lab.until("the last step is shown", async || Ok(lab.step().await? == steps)).await?;
        lab.tab_to("button", "Share").await?;
        lab.keys(Key::Enter).await?;
        lab.find("textbox", "Link").await?;
        lab.keys(Key::Escape).await?;
        lab.until("focus is back on Share", async || Ok(lab.focused().await? == ("button".into(), "Share".into())))
            .await
    });
}

#[test]
fn nothing_is_loaded_from_anywhere_but_the_sites_own_folder() {
    as_visitor(async |lab| {
        lab.open("").await?;
        lab.send().await?;
        let script = "return performance.getEntriesByType('resource').map(entry => entry.name)";
        let loaded: Vec<String> = lab.driver().execute(script, vec![]).await?.convert()?;
        assert!(loaded.iter().any(|url| url.ends_with("web_bg.wasm")), "{loaded:#?}");
        let foreign: Vec<&String> = loaded.iter().filter(|url| !url.starts_with(&address())).collect();
        assert!(foreign.is_empty(), "{foreign:#?}");
        Ok(())
    });
}

/// Opens a panel of the dock.
async fn dock(lab: &Lab, tab: &str) -> WebDriverResult<()> {
    lab.find("tab", tab).await?.click().await
}

#[test]
fn a_name_is_answered_from_every_network_and_one_more_link_is_tried() {
    as_visitor(async |lab| {
        lab.open("").await?;
        lab.open_scenario(PEERED).await?;
        dock(&lab, "DNS").await?;
        let answers = lab.find("table", "Answers by network").await?.text().await?;
        assert!(answers.contains("10.0.0.5") && answers.contains("52.239.170.68"), "{answers}");
        let changed = lab.find("table", "Answers with one more link").await?.text().await?;
        assert!(changed.contains("rg1vnet2") && changed.contains("10.0.0.5"), "{changed}");
        Ok(())
    });
}

#[test]
fn the_cause_of_a_refusal_is_named_and_its_fix_applied() {
    as_visitor(async |lab| {
        lab.open("").await?;
        lab.open_scenario(PEERED).await?;
        lab.choose("From", "rg1vm2").await?;
        assert!(says(&lab.send().await?, &["403"]));
        dock(&lab, "Problems").await?;
        lab.find("heading", "Cause M1").await?;
        lab.press("Apply").await?;
        dock(&lab, "Steps").await?;
        lab.until("the request is answered", async || Ok(says(&lab.steps().await?, &["200"]))).await?;
        lab.press("Undo").await?;
        lab.until("it is refused again", async || Ok(says(&lab.steps().await?, &["403"]))).await
    });
}

#[test]
fn the_terminal_answers_as_the_real_tools_do_and_shows_what_was_asked() {
    as_visitor(async |lab| {
        lab.open("").await?;
        lab.open_scenario(PEERED).await?;
        dock(&lab, "Terminal").await?;
        lab.find("textbox", "Command line").await?.click().await?;
        lab.keys("nslookup rg1sto1brng1.blob.core.windows.net").await?;
        lab.keys(Key::Enter).await?;
        let screen = lab.find("log", "Terminal output").await?;
        lab.until("the answer is on the screen", async || Ok(screen.text().await?.contains("10.0.0.5"))).await?;
        dock(&lab, "Steps").await?;
        assert!(says(&lab.steps().await?, &["10.0.0.5"]));
        Ok(())
    });
}

#[test]
fn who_reaches_what_is_a_matrix_whose_cells_play() {
    as_visitor(async |lab| {
        lab.open("").await?;
        lab.open_scenario(PEERED).await?;
        dock(&lab, "Reachability").await?;
        lab.find("button", "rg1vm2 to rg1sto1brng1.blob.core.windows.net:443: 403 by public").await?.click().await?;
        dock(&lab, "Steps").await?;
        lab.until("the request of the cell was sent", async || Ok(says(&lab.steps().await?, &["403"]))).await
    });
}

#[test]
fn the_bytes_of_a_packet_say_which_field_they_are_and_where_it_comes_from() {
    as_visitor(async |lab| {
        lab.open("").await?;
        lab.send().await?;
        let list = lab.find("list", "Steps").await?;
        list.find(By::Css(":scope > li:nth-child(3) button")).await?.click().await?;
        lab.press("Bytes").await?;
        lab.find("button", "ip.src 10.0.2.4").await?.click().await?;
        lab.told("privateLinkServices/pls-iis/ipConfigurations/0").await
    });
}

#[test]
fn a_resource_is_added_changed_and_taken_back_with_every_refusal_at_its_field() {
    as_visitor(async |lab| {
        lab.open("").await?;
        lab.inspect("web").await?;
        lab.press("Add Virtual machine").await?;
        lab.until("the new machine is selected", async || Ok(lab.inspected().await? == "vm")).await?;
        lab.inspect("nat").await?;
        lab.choose("privateLinkServiceNetworkPolicies", "Enabled").await?;
        lab.told("PrivateLinkServiceNetworkPoliciesCannotBeEnabledOnPrivateLinkServiceSubnet").await?;
        lab.press("Undo").await?;
        lab.until("nothing is left to undo", async || {
            Ok(lab.find("button", "Undo").await?.attr("disabled").await?.is_some())
        })
        .await
    });
}
