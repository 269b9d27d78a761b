// Starts the application, or says in words why it could not start.
// A file of its own because the page's Content-Security-Policy forbids inline scripts.

const notice = document.getElementById("boot");

function refuse(reason) {
  const text = document.createElement("p");
  text.id = "boot";
  text.setAttribute("role", "alert");
  text.textContent = `The lab could not start. ${reason}`;
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = "Load again";
  again.addEventListener("click", () => location.reload());
  notice?.remove();
  document.body.prepend(text, again);
}

async function start() {
  if (typeof WebAssembly !== "object") {
    refuse("This browser has no WebAssembly, or it is switched off.");
    return;
  }
  try {
    const app = await import("./web.js");
    await app.default();
    notice?.remove();
  } catch (error) {
    refuse(`A part of the page did not load (${error}).`);
    throw error;
  }
}

start();
