//! Writes a document's scene, or an instant of its request, as SVG:
//! `render document.json light|dark landscape|portrait out.svg [request [step [share of the step]]]`.

use diagram::text::FixedMetrics;
use diagram::theme::Theme;
use diagram::{Emphasis, Motion, Orientation, Scene, svg};
use playback::{Moment, Timeline};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [document, theme, orientation, out, rest @ ..] = arguments.as_slice() else {
        return Err("four arguments at least".into());
    };
    let document = topology::file::parse(&std::fs::read_to_string(document)?)?;
    let theme = if theme == "dark" { Theme::Dark } else { Theme::Light };
    let orientation = if orientation == "portrait" { Orientation::Portrait } else { Orientation::Landscape };
    let (network, _) = sim::compile(&document);
    let scene = Scene::build(&document, &network, orientation, &FixedMetrics);
    let mut list = scene.draw(&Emphasis::default());
    if let [request, rest @ ..] = rest {
        let request = document.requests.get(request.parse::<usize>()?).ok_or("no such request")?;
        let trace = sim::send(&network, &mut sim::Session::default(), request);
        let motion = Motion::new(&scene, &trace, &Timeline::new(&trace), &FixedMetrics);
        let step = rest.first().map_or(Ok(trace.steps.len() - 1), |step| step.parse())?;
        let share = rest.get(1).map_or(Ok(2.0), |share| share.parse::<f64>())?;
        let moment = Moment { step, travel: share.min(1.0), dwell: (share - 1.0).clamp(0.0, 1.0) };
        motion.frame(&moment, false, &mut list);
    }
    std::fs::write(out, svg::write(&list, theme, scene.bounds()))?;
    Ok(())
}
