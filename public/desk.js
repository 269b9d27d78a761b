// Starts the desk: the part of the simulator that answers long questions in a thread of its own.

import init from "./worker.js";

init();
