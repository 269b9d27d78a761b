//! What a packet's chip says at a step.

use sim::Step;
use sim::trace::{Event, Field, Phase, Response};
use smol_str::{SmolStr, format_smolstr};
use topology::resource::Access;
use wire::dns::ResponseCode;
use wire::packet::Packet;

use crate::draw_list::Font;
use crate::text::{TextMetrics, shortened};
use crate::theme::Ink;

const LINE_HEIGHT: f64 = 19.0;
const PADDING: (f64, f64) = (12.0, 7.0);
const RUN_GAP: f64 = 7.0;
/// Real typefaces may be wider than what was measured.
const SLACK: f64 = 1.03;

/// How a chip looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Packet,
    Dns,
    Refused,
    Dropped,
}

/// When a line is to be seen while a rewrite is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Always,
    /// Until the values change.
    Before,
    /// From when the values change.
    After,
}

#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) text: SmolStr,
    pub(super) font: Font,
    pub(super) ink: Ink,
    pub(super) struck: bool,
    /// Whether it just changed.
    pub(super) lit: bool,
    /// Left end and width within the chip, set by [`Chip::new`].
    pub(super) x: f64,
    pub(super) width: f64,
}

fn run(text: impl Into<SmolStr>, font: Font, ink: Ink) -> Run {
    Run { text: text.into(), font, ink, struck: false, lit: false, x: 0.0, width: 0.0 }
}

#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) runs: Vec<Run>,
    pub(super) shown: Shown,
    /// Which line of the chip it stands on; two lines may share one at different times.
    pub(super) row: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Chip {
    pub(super) lines: Vec<Line>,
    pub(super) tone: Tone,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Chip {
    fn new(tone: Tone, mut lines: Vec<Line>, max_width: f64, metrics: &dyn TextMetrics) -> Self {
        let room = max_width - 2.0 * PADDING.0;
        let mut width = 0.0_f64;
        for line in &mut lines {
            let natural = |run: &Run| (metrics.width(&run.text, run.font) * SLACK).ceil();
            #[expect(clippy::cast_precision_loss, reason = "a line has a handful of runs")]
            let gaps = RUN_GAP * line.runs.len().saturating_sub(1) as f64;
            let total = line.runs.iter().map(natural).sum::<f64>() + gaps;
            let longest = line.runs.iter().enumerate().max_by(|(_, a), (_, b)| natural(a).total_cmp(&natural(b)));
            if total > room
                && let Some((index, long)) = longest
            {
                let left = (natural(long) - (total - room)) / SLACK;
                line.runs[index].text = shortened(&line.runs[index].text, line.runs[index].font, left, metrics);
            }
            let mut x = PADDING.0;
            for run in &mut line.runs {
                run.x = x;
                run.width = (metrics.width(&run.text, run.font) * SLACK).ceil();
                x += run.width + RUN_GAP;
            }
            width = width.max(x - RUN_GAP + PADDING.0);
        }
        #[expect(clippy::cast_precision_loss, reason = "a chip has a handful of lines")]
        let n_rows = lines.iter().map(|line| line.row + 1).max().unwrap_or(1) as f64;
        Self { lines, tone, width: width.ceil(), height: n_rows * LINE_HEIGHT + 2.0 * PADDING.1 }
    }

    /// The baseline of a row below the chip's top edge.
    pub(super) fn baseline(row: usize) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a chip has a handful of rows")]
        let row = row as f64;
        PADDING.1 + row * LINE_HEIGHT + 13.5
    }

    /// What the packet carries on its way to a step.
    pub(super) fn travelling(
        step: &Step,
        question: Option<&SmolStr>,
        max: f64,
        metrics: &dyn TextMetrics,
    ) -> Option<Self> {
        if step.phase == Phase::Resolve {
            let text = if let Event::AnswerReceived { code, address, .. } = &step.event {
                address.map_or_else(|| format_smolstr!("{code}"), |address| format_smolstr!("A {address}"))
            } else {
                format_smolstr!("{} ?", question?)
            };
            return Some(Self::new(Tone::Dns, rows(vec![vec![run(text, Font::Mono, Ink::Text)]]), max, metrics));
        }
        let packet = step.before.or(step.after)?;
        Some(Self::new(Tone::Packet, rows(vec![packet_runs(&packet)]), max, metrics))
    }

    /// What is shown at a step; nothing when there is nothing to say.
    pub(super) fn at(step: &Step, max: f64, metrics: &dyn TextMetrics) -> Option<Self> {
        let (tone, verdict) = match said(&step.event) {
            Said::Names(lines) => return Some(Self::new(Tone::Dns, rows(lines), max, metrics)),
            Said::Verdict(tone, runs) => (tone, runs),
        };
        let mut lines = Vec::new();
        let changed = !step.rewrites.is_empty() && step.before.is_some() && step.before != step.after;
        if let (true, Some(before), Some(after)) = (changed, step.before, step.after) {
            let mut was = packet_runs(&before);
            was.truncate(was.len() - 1);
            was[0] = run("was", Font::Small, Ink::TextMuted);
            for run in &mut was[1..] {
                (run.struck, run.ink, run.font) = (true, Ink::TextMuted, Font::Mono);
            }
            lines.push(Line { runs: was, shown: Shown::After, row: 0 });
            lines.push(Line { runs: packet_runs(&before), shown: Shown::Before, row: 1 });
            lines.push(Line { runs: lit(packet_runs(&after), step), shown: Shown::After, row: 1 });
        } else if let Some(packet) = step.after.or(step.before) {
            lines.push(Line { runs: packet_runs(&packet), shown: Shown::Always, row: 0 });
        }
        if !verdict.is_empty() {
            let row = lines.last().map_or(0, |line| line.row + 1);
            lines.push(Line { runs: verdict, shown: Shown::Always, row });
        }
        (!lines.is_empty()).then(|| Self::new(tone, lines, max, metrics))
    }
}

fn rows(lines: Vec<Vec<Run>>) -> Vec<Line> {
    let line = |(row, runs)| Line { runs, shown: Shown::Always, row };
    lines.into_iter().enumerate().map(line).collect()
}

/// Transport, source, arrow, destination, payload.
fn packet_runs(packet: &Packet) -> Vec<Run> {
    vec![
        run(format_smolstr!("{}", packet.transport), Font::Small, Ink::Accent),
        run(format_smolstr!("{}", packet.source), Font::Mono, Ink::Text),
        run("→", Font::Mono, Ink::TextMuted),
        run(format_smolstr!("{}", packet.destination), Font::Mono, Ink::Text),
        run(format_smolstr!("{}", packet.payload), Font::Small, Ink::TextMuted),
    ]
}

fn lit(mut runs: Vec<Run>, step: &Step) -> Vec<Run> {
    for rewrite in &step.rewrites {
        let index = match rewrite.field {
            Field::SourceAddress | Field::SourcePort => 1,
            Field::DestinationAddress | Field::DestinationPort => 3,
        };
        runs[index].lit = true;
        runs[index].font = Font::MonoBold;
        runs[index].ink = Ink::OnChanged;
    }
    runs
}

fn name_line(name: &wire::DomainName) -> Vec<Run> {
    vec![run(name.as_str(), Font::MonoSmall, Ink::TextMuted)]
}

fn word(text: impl Into<SmolStr>) -> Run {
    run(text, Font::Small, Ink::Dns)
}

/// What an event adds to the packet's own line.
enum Said {
    /// A conversation about names, line by line, without a packet.
    Names(Vec<Vec<Run>>),
    /// What was decided, in codes and values.
    Verdict(Tone, Vec<Run>),
}

fn said(event: &Event) -> Said {
    let value = |text: SmolStr| run(text, Font::Mono, Ink::Text);
    let mono = |text: SmolStr, ink| run(text, Font::MonoSmall, ink);
    let small = |text: SmolStr, ink| run(text, Font::Small, ink);
    let good_or_bad = |good: bool| if good { (Tone::Packet, Ink::Good) } else { (Tone::Refused, Ink::Bad) };
    Said::Names(match event {
        Event::QuerySent { name, record_type, server } => vec![
            vec![word(format_smolstr!("{record_type}")), value(format_smolstr!("{name} ?"))],
            vec![run(format_smolstr!("→ {server}"), Font::MonoSmall, Ink::TextMuted)],
        ],
        Event::QueryForwarded { name, server, .. } => vec![
            vec![value(format_smolstr!("{name} ?"))],
            vec![run(format_smolstr!("→ {server}"), Font::MonoSmall, Ink::TextMuted)],
        ],
        Event::InboundEndpointAsked { name, .. } => vec![vec![value(format_smolstr!("{name} ?"))]],
        Event::PublicAlias { name, target, .. }
        | Event::PrivateAlias { name, target, .. }
        | Event::ServerAlias { name, target, .. } => {
            vec![name_line(name), vec![word("CNAME"), value(SmolStr::new(target.as_str()))]]
        }
        Event::PublicAddress { name, address, .. }
        | Event::PrivateRecord { name, address, .. }
        | Event::ServerRecord { name, address, .. }
        | Event::HostsFile { name, address } => {
            vec![name_line(name), vec![word("A"), value(format_smolstr!("{address}"))]]
        }
        Event::CachedAnswer { name, code, address, .. } | Event::AnswerRelayed { name, code, address, .. } => {
            let outcome = match address {
                Some(address) => vec![word("A"), value(format_smolstr!("{address}"))],
                None => vec![run(format_smolstr!("{code}"), Font::Small, Ink::Bad)],
            };
            vec![name_line(name), outcome]
        }
        Event::ServerFailed { name, failure } => {
            let failure = run(format_smolstr!("{failure:?}"), Font::Small, Ink::TextMuted);
            let code = run(format_smolstr!("{}", ResponseCode::ServFail), Font::Small, Ink::Bad);
            vec![name_line(name), vec![code, failure]]
        }
        Event::ServerSilent { server, silence } => vec![
            vec![run(format_smolstr!("{server}"), Font::MonoSmall, Ink::TextMuted)],
            vec![run(format_smolstr!("{silence:?}"), Font::Small, Ink::Bad)],
        ],
        Event::LeaseOutdated { .. } => vec![vec![run("DHCP lease", Font::Small, Ink::Warning)]],
        Event::RulePassedOver { name, rule, .. } => {
            vec![name_line(name), vec![run(rule.clone(), Font::Small, Ink::Warning)]]
        }
        Event::PublicMissing { name } | Event::PrivateMissing { name, .. } | Event::ServerMissing { name, .. } => {
            vec![name_line(name), vec![run(format_smolstr!("{}", ResponseCode::NxDomain), Font::Small, Ink::Bad)]]
        }
        Event::ZoneNotLinked { name, .. } => {
            vec![name_line(name), vec![run("no virtualNetworkLink", Font::Small, Ink::Warning)]]
        }
        Event::RedirectedToPublic { .. } => vec![vec![word("NxDomainRedirect")]],
        Event::AnswerReceived { name, code, records, .. } => {
            let mut lines = vec![name_line(name)];
            for record in records {
                let text = value(format_smolstr!("{}", record.data));
                lines.push(vec![word(format_smolstr!("{}", record.data.record_type())), text]);
            }
            if *code != ResponseCode::NoError {
                lines.push(vec![run(format_smolstr!("{code}"), Font::Small, Ink::Bad)]);
            }
            lines
        }
        Event::OutsideRouteSelected { prefix, hop, .. } => {
            let prefix = mono(format_smolstr!("{prefix}"), Ink::Text);
            return Said::Verdict(Tone::Packet, vec![prefix, small(hop.as_str().into(), Ink::TextMuted)]);
        }
        Event::TunnelEntered { kind, connection, .. } => {
            let name = connection.as_ref().map_or("", |id| id.as_str());
            let runs = vec![small(kind.as_str().into(), Ink::Text), mono(name.into(), Ink::TextMuted)];
            return Said::Verdict(Tone::Packet, runs);
        }
        Event::GatewayTranslated { rules } => {
            let rules = rules.iter().map(|rule| small(rule.clone(), Ink::TextMuted)).collect();
            return Said::Verdict(Tone::Packet, rules);
        }
        Event::RouteSelected { route, .. } => {
            let prefix = mono(format_smolstr!("{}", route.address_prefix), Ink::Text);
            let hop = small(format_smolstr!("{:?}", route.next_hop_type), Ink::TextMuted);
            return Said::Verdict(Tone::Packet, vec![prefix, hop]);
        }
        Event::EndpointAdmitted { status, .. } => {
            return Said::Verdict(Tone::Packet, vec![small(format_smolstr!("{status}"), Ink::Good)]);
        }
        Event::NextHopBalanced { rule, backend, healthy, members, .. }
        | Event::Balanced { rule, backend, healthy, members, .. } => {
            let choice = small(format_smolstr!("{rule} → {backend}"), Ink::Text);
            let share = small(format_smolstr!("{healthy}/{members}"), Ink::TextMuted);
            return Said::Verdict(Tone::Packet, vec![choice, share]);
        }
        Event::Forwarded { source, .. } => {
            let snat = source.map(|_| small("SNAT".into(), Ink::Text));
            return Said::Verdict(Tone::Packet, snat.into_iter().collect());
        }
        Event::EndpointReplied { reason, .. } => {
            return Said::Verdict(Tone::Packet, vec![small(format_smolstr!("{reason:?}"), Ink::TextMuted)]);
        }
        Event::NatRuleApplied { rule, backend, .. } => {
            return Said::Verdict(Tone::Packet, vec![small(format_smolstr!("{rule} → {backend}"), Ink::Text)]);
        }
        Event::HairpinPossible { healthy } => {
            return Said::Verdict(Tone::Packet, vec![small(format_smolstr!("hairpin 1/{healthy}"), Ink::Warning)]);
        }
        Event::ProbeFailed { probe, interface, .. } => {
            let interface = mono(SmolStr::new(interface.as_str()), Ink::TextMuted);
            return Said::Verdict(Tone::Refused, vec![small(probe.clone(), Ink::Bad), interface]);
        }
        Event::ProxyHeaderSent { client, link_identifier, .. }
        | Event::ProxyHeaderRead { client, link_identifier, .. } => {
            let client = mono(format_smolstr!("{client}"), Ink::Text);
            let link = small(format_smolstr!("LINKID {link_identifier}"), Ink::TextMuted);
            return Said::Verdict(Tone::Packet, vec![small("PROXY v2".into(), Ink::Text), client, link]);
        }
        Event::ProxyHeaderNotUnderstood { service } => {
            let words = vec![small("PROXY v2".into(), Ink::Bad), small(service.clone(), Ink::TextMuted)];
            return Said::Verdict(Tone::Refused, words);
        }
        Event::DataSent { idle_s } => {
            return Said::Verdict(Tone::Packet, vec![small(format_smolstr!("after {idle_s} s"), Ink::TextMuted)]);
        }
        Event::FlowContinued { idle_s, limit_s } => {
            let words = format_smolstr!("idle {idle_s} of {limit_s} s");
            return Said::Verdict(Tone::Packet, vec![small(words, Ink::Good)]);
        }
        Event::GuestAccepted { service, socket } => {
            let port = mono(format_smolstr!(":{}", socket.port), Ink::TextMuted);
            return Said::Verdict(Tone::Packet, vec![small(service.clone(), Ink::Good), port]);
        }
        Event::EchoAnswered { .. } => {
            return Said::Verdict(Tone::Packet, vec![small(SmolStr::new_static("ICMP"), Ink::Good)]);
        }
        Event::SecurityEvaluated { group, rule, access, .. } => {
            let (tone, ink) = good_or_bad(*access == Access::Allow);
            let name = mono(SmolStr::new(group.as_str()), Ink::TextMuted);
            let access = small(format_smolstr!("{access}"), ink);
            return Said::Verdict(tone, vec![access, small(rule.clone(), Ink::Text), name]);
        }
        Event::SecurityNotApplied { group, policies, .. } => {
            let group = mono(SmolStr::new(group.as_str()), Ink::TextMuted);
            let policies = small(format_smolstr!("{policies:?}"), Ink::Warning);
            return Said::Verdict(Tone::Packet, vec![group, policies]);
        }
        Event::ProbeDenied { rule, interface, .. } => {
            let interface = mono(SmolStr::new(interface.as_str()), Ink::TextMuted);
            return Said::Verdict(Tone::Refused, vec![small(rule.clone(), Ink::Bad), interface]);
        }
        Event::PlatformAccepted { service, .. } => {
            return Said::Verdict(Tone::Packet, vec![small(SmolStr::new(service.as_str()), Ink::Good)]);
        }
        Event::CertificateChecked { certificate, matches, accepted, .. } => {
            let (tone, ink) = good_or_bad(*accepted);
            let ink = if *accepted && !matches { Ink::Warning } else { ink };
            return Said::Verdict(tone, vec![small("TLS".into(), ink), mono(certificate.clone(), ink)]);
        }
        Event::RequestArrived { protocol, host, path, .. } => {
            let protocol = small(format_smolstr!("{protocol}"), Ink::TextMuted);
            return Said::Verdict(Tone::Packet, vec![protocol, mono(format_smolstr!("{host}{path}"), Ink::Text)]);
        }
        Event::FirewallEvaluated { verdict, .. } => {
            let (tone, ink) = good_or_bad(verdict.allows());
            return Said::Verdict(tone, vec![small(format_smolstr!("{verdict:?}"), ink)]);
        }
        Event::ServiceEndpointTaken { service, .. } => {
            return Said::Verdict(Tone::Packet, vec![mono(service.clone(), Ink::Text)]);
        }
        Event::LoginRedirected { port, .. } => {
            let redirect = mono(format_smolstr!(":{port}"), Ink::Text);
            return Said::Verdict(Tone::Packet, vec![small("Redirect".into(), Ink::TextMuted), redirect]);
        }
        Event::ResponseSent { response } | Event::ResponseReceived { response } => {
            let (tone, runs) = response_runs(response);
            return Said::Verdict(tone, runs);
        }
        Event::Dropped { cause } => {
            return Said::Verdict(Tone::Dropped, vec![run(cause.code(), Font::Label, Ink::Bad)]);
        }
        Event::RoutesBypassed { .. }
        | Event::ReplyForwarded { .. }
        | Event::OutboundTranslated { .. }
        | Event::SourceTranslated { .. }
        | Event::DestinationTranslated { .. }
        | Event::DestinationUntranslated { .. }
        | Event::Translated { .. }
        | Event::GatewayUntranslated
        | Event::TranslatedDirectly { .. }
        | Event::DataArrived { .. }
        | Event::DatagramAnswered { .. }
        | Event::Unbalanced { .. }
        | Event::Untranslated { .. }
        | Event::OutboundUntranslated { .. }
        | Event::Connected { .. } => return Said::Verdict(Tone::Packet, Vec::new()),
    })
}

fn response_runs(response: &Response) -> (Tone, Vec<Run>) {
    let good = response.status < 400;
    let ink = if good { Ink::Good } else { Ink::Bad };
    let status = match response.status {
        0 => SmolStr::new_static("OK"),
        status => format_smolstr!("{status}"),
    };
    let is_said = response.error_code.as_ref() == Some(&status);
    let mut runs = vec![run(status, Font::MonoBold, ink)];
    match (&response.error_code, response.body.lines().next()) {
        (Some(_), _) if is_said => {}
        (Some(code), _) => runs.push(run(code.clone(), Font::Small, ink)),
        (None, Some(first)) if !first.is_empty() => {
            let excerpt: String = first.chars().take(48).collect();
            runs.push(run(excerpt, Font::MonoSmall, Ink::TextMuted));
        }
        (None, _) => {}
    }
    (if good { Tone::Packet } else { Tone::Refused }, runs)
}
