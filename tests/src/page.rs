//! The page as a person uses it: things are found by their role and their name, as a screen reader gives them.

use std::fmt;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::common::requestdata::RequestData;
use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, LoggingPrefsLogLevel, SessionId, TypingData};

/// How long a person would wait for something to appear.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often to look again.
const GLANCE: Duration = Duration::from_millis(60);

/// More stops than the Tab key makes on the whole page.
const MOST_TABS: usize = 120;

/// The page in a browser of its own, with a fresh profile.
#[derive(Clone, Debug)]
pub struct Lab {
    driver: WebDriver,
}

/// How a browser is started.
#[derive(Clone, Copy, Debug)]
pub struct Visitor {
    /// Width and height of the window in CSS pixels.
    pub window: (u32, u32),
    /// Whether the visitor's system asks for less motion.
    pub reduced_motion: bool,
}

impl Default for Visitor {
    fn default() -> Self {
        Self { window: (1440, 900), reduced_motion: true }
    }
}

/// Runs a visit in a fresh profile, and fails it if the browser's console shows an error.
///
/// # Panics
/// When a step of the visit fails.
pub fn visit(visitor: Visitor, visit: impl AsyncFnOnce(Lab) -> WebDriverResult<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = runtime.expect("a runtime needs no more than a thread").block_on(async {
        let driver = WebDriver::new(setting("WEBDRIVER_URL"), visitor.capabilities()?).await?;
        let lab = Lab { driver: driver.clone() };
        let run = driver.run_and_quit(async |_| {
            visit(lab.clone()).await?;
            lab.complaints().await
        });
        Ok::<_, WebDriverError>(run.await)
    });
    match outcome {
        Ok(Ok(complaints)) => assert!(complaints.is_empty(), "the console shows: {complaints:#?}"),
        Ok(Err(error)) => panic!("{error}"),
        Err(error) => panic!("no browser: {error}"),
    }
}

/// Where the site under test is, with `/` at the end.
#[must_use]
pub fn address() -> String {
    setting("LAB_URL")
}

fn setting(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set; `cargo xtask test --only browser` sets it"))
}

impl Visitor {
    fn capabilities(self) -> WebDriverResult<ChromeCapabilities> {
        let mut capabilities = DesiredCapabilities::chrome();
        let (width, height) = self.window;
        for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] {
            capabilities.add_arg(argument)?;
        }
        capabilities.add_arg(&format!("--window-size={width},{height}"))?;
        if self.reduced_motion {
            capabilities.add_arg("--force-prefers-reduced-motion")?;
        }
        capabilities.set_browser_log_level(LoggingPrefsLogLevel::All)?;
        Ok(capabilities)
    }
}

impl Lab {
    /// Opens the page; `rest` follows its address, for instance `#1z…`.
    pub async fn open(&self, rest: &str) -> WebDriverResult<()> {
        self.driver.goto(format!("{}{rest}", address())).await?;
        self.find("region", "Diagram").await?;
        Ok(())
    }

    /// The browser itself.
    #[must_use]
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// The one thing with a role and a name, when it is there.
    pub async fn find(&self, role: &str, name: &str) -> WebDriverResult<WebElement> {
        self.find_where(role, name, |label| label == name).await
    }

    /// The first thing with a role and a name that contains some words.
    pub async fn find_like(&self, role: &str, words: &str) -> WebDriverResult<WebElement> {
        self.find_where(role, words, |label| label.contains(words)).await
    }

    async fn find_where(&self, role: &str, sought: &str, fits: impl Fn(&str) -> bool) -> WebDriverResult<WebElement> {
        let started = Instant::now();
        loop {
            // What is seen may be replaced while it is looked at; then the next look finds what replaced it.
            if let Ok(Some(element)) = self.look(role, &fits).await {
                return Ok(element);
            }
            if started.elapsed() > PATIENCE {
                let named = self.names(role).await.unwrap_or_default();
                return Err(WebDriverError::Timeout(format!("no {role} “{sought}”; the page has {named:?}")));
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    async fn look(&self, role: &str, fits: impl Fn(&str) -> bool) -> WebDriverResult<Option<WebElement>> {
        for element in self.driver.find_all(By::Css(candidates(role))).await? {
            if self.computed(&element, "role").await? == role && fits(&self.computed(&element, "label").await?) {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    /// The names of everything with a role.
    pub async fn names(&self, role: &str) -> WebDriverResult<Vec<String>> {
        let mut names = Vec::new();
        for element in self.driver.find_all(By::Css(candidates(role))).await? {
            if self.computed(&element, "role").await? == role {
                names.push(self.computed(&element, "label").await?);
            }
        }
        Ok(names)
    }

    /// Role or name as the browser tells assistive technology.
    async fn computed(&self, element: &WebElement, what: &str) -> WebDriverResult<String> {
        let path = format!("element/{}/computed{what}", element.element_id());
        self.driver.cmd(Endpoint { method: http::Method::GET, path, body: None }).await?.value()
    }

    /// Presses a button.
    pub async fn press(&self, name: &str) -> WebDriverResult<()> {
        self.find("button", name).await?.click().await
    }

    /// Types with whatever has the focus.
    pub async fn keys(&self, keys: impl Into<TypingData>) -> WebDriverResult<()> {
        self.driver.active_element().await?.send_keys(keys).await
    }

    /// Role and name of what has the focus.
    pub async fn focused(&self) -> WebDriverResult<(String, String)> {
        let element = self.driver.active_element().await?;
        Ok((self.computed(&element, "role").await?, self.computed(&element, "label").await?))
    }

    /// Presses Tab until the focus is on something with a role and a name, as a person without a mouse does.
    pub async fn tab_to(&self, role: &str, name: &str) -> WebDriverResult<()> {
        let mut passed = Vec::new();
        while passed.len() < MOST_TABS {
            self.keys(Key::Tab).await?;
            let focused = self.focused().await?;
            if focused == (role.to_owned(), name.to_owned()) {
                return Ok(());
            }
            passed.push(focused);
        }
        Err(WebDriverError::Timeout(format!("Tab never reaches {role} “{name}”, only {passed:#?}")))
    }

    /// The texts of the Steps list, from the first step to the last.
    pub async fn steps(&self) -> WebDriverResult<Vec<String>> {
        let list = self.find("list", "Steps").await?;
        let mut texts = Vec::new();
        for item in list.find_all(By::Css(":scope > li")).await? {
            texts.push(item.prop("innerText").await?.unwrap_or_default());
        }
        Ok(texts)
    }

    /// The number of the step that is shown, from 1.
    pub async fn step(&self) -> WebDriverResult<usize> {
        let now = self.find("slider", "Timeline").await?.attr("aria-valuenow").await?;
        Ok(now.and_then(|value| value.parse().ok()).unwrap_or(0))
    }

    /// The title of what is open.
    pub async fn title(&self) -> WebDriverResult<String> {
        let label = self.computed(&self.find_like("button", "Scenario: ").await?, "label").await?;
        Ok(label.trim_start_matches("Scenario: ").to_owned())
    }

    /// Chooses from a combobox.
    pub async fn choose(&self, name: &str, option: &str) -> WebDriverResult<()> {
        let combobox = self.find("combobox", name).await?;
        combobox.find(By::XPath(format!("./option[normalize-space()='{option}']"))).await?.click().await
    }

    /// Opens a scenario by its title.
    pub async fn open_scenario(&self, title: &str) -> WebDriverResult<()> {
        self.find_like("button", "Scenario: ").await?.click().await?;
        self.find_where("button", title, |label| label.starts_with(title)).await?.click().await?;
        self.until(format!("“{title}” is open"), async || Ok(self.title().await? == title)).await
    }

    /// Sends what the request bar asks, and returns the texts of the steps.
    pub async fn send(&self) -> WebDriverResult<Vec<String>> {
        self.press("Send request").await?;
        self.steps().await
    }

    /// Selects something by its line in the outline, and waits for the inspector to show it.
    pub async fn inspect(&self, name: &str) -> WebDriverResult<()> {
        let outline = self.find("button", "Outline").await?;
        if outline.attr("aria-expanded").await?.as_deref() != Some("true") {
            outline.click().await?;
        }
        self.find_where("treeitem", name, |label| label.split(", ").next() == Some(name)).await?.click().await?;
        self.until(format!("the inspector shows {name}"), async || Ok(self.inspected().await? == name)).await
    }

    /// The heading of the inspector.
    pub async fn inspected(&self) -> WebDriverResult<String> {
        let inspector = self.find("complementary", "Inspector").await?;
        inspector.find(By::Css("h2")).await?.text().await
    }

    /// Presses Share and takes the link from the dialog, from `#` on.
    pub async fn share(&self) -> WebDriverResult<String> {
        self.press("Share").await?;
        let link = self.find("textbox", "Link").await?.prop("value").await?.unwrap_or_default();
        Ok(link.find('#').map_or_else(String::new, |at| link[at..].to_owned()))
    }

    /// Waits until some status or alert says these words.
    pub async fn told(&self, words: &str) -> WebDriverResult<()> {
        let says = async || -> WebDriverResult<bool> {
            for element in self.driver.find_all(By::Css("[role=status], [role=alert], [aria-live]")).await? {
                if element.prop("textContent").await?.unwrap_or_default().contains(words) {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        self.until(format!("a message says “{words}”"), says).await
    }

    /// Turns the wheel over a point of the window, back and forth, one notch every 16 ms.
    pub async fn pan(&self, x: f64, y: f64, notches: usize) -> WebDriverResult<()> {
        // The driver takes whole numbers only, and a page is a few thousand pixels wide.
        #[expect(clippy::cast_possible_truncation, reason = "rounded, and far below 2^63")]
        let (x, y) = (x.round() as i64, y.round() as i64);
        let scroll = |notch: usize| {
            let delta = if (notch / 30).is_multiple_of(2) { 6 } else { -6 };
            json!({ "type": "scroll", "x": x, "y": y, "deltaX": delta, "deltaY": delta, "duration": 16 })
        };
        let actions: Vec<Value> = (0..notches).map(scroll).collect();
        let body = json!({ "actions": [{ "type": "wheel", "id": "wheel", "actions": actions }] });
        self.driver.cmd(Endpoint { method: http::Method::POST, path: "actions".to_owned(), body: Some(body) }).await?;
        Ok(())
    }

    /// Waits until a question about the page is answered with yes, and fails with `hope` when it is not.
    pub async fn until(
        &self,
        hope: impl fmt::Display,
        ask: impl AsyncFn() -> WebDriverResult<bool>,
    ) -> WebDriverResult<()> {
        let started = Instant::now();
        while !ask().await.unwrap_or(false) {
            if started.elapsed() > PATIENCE {
                return Err(WebDriverError::Timeout(format!("not so after {PATIENCE:?}: {hope}")));
            }
            tokio::time::sleep(GLANCE).await;
        }
        Ok(())
    }

    /// Everything the browser's console shows as an error since the last look.
    pub async fn complaints(&self) -> WebDriverResult<Vec<String>> {
        let entries = self.driver.browser_log().await?;
        Ok(entries.into_iter().filter(|entry| entry.level == "SEVERE").map(|entry| entry.message).collect())
    }
}

/// The elements that can have a role.
fn candidates(role: &str) -> String {
    let tags = match role {
        "button" => "button",
        "combobox" => "select, input[list]",
        "list" => "ol, ul",
        "listitem" => "li",
        "option" => "option",
        "region" => "section",
        "slider" => "input[type=range]",
        "dialog" => "dialog",
        "textbox" => "input, textarea",
        "heading" => "h1, h2, h3",
        "table" => "table",
        "checkbox" => "input[type=checkbox]",
        "complementary" => "aside",
        _ => "",
    };
    let stated = format!("[role={role}]");
    if tags.is_empty() { stated } else { format!("{tags}, {stated}") }
}

/// An endpoint of the driver for which the library has no name.
#[derive(Debug)]
struct Endpoint {
    method: http::Method,
    path: String,
    body: Option<Value>,
}

impl FormatRequestData for Endpoint {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let request = RequestData::new(self.method.clone(), format!("session/{session}/{}", self.path));
        match &self.body {
            Some(body) => request.add_body(body.clone()),
            None => request,
        }
    }
}
