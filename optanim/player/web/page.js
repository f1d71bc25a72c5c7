// The page of one figure: its data are in the page.

import { Player } from "./player.js";

const figure = JSON.parse(document.querySelector("#figure").textContent);
document.documentElement.style.background = figure.theme.background;
new Player(document.querySelector("#player"), figure);
