"use strict";
(function () {
	const svg = document.documentElement, width = svg.viewBox.baseVal.width;
	const margin = +svg.dataset.margin, char = +svg.dataset.char;
	const boxes = Array.from(document.querySelectorAll("#boxes > g"), function (g) {
		const rect = g.querySelector("rect"), text = g.querySelector("text");
		const title = g.querySelector("title").textContent;
		return {
			g: g, rect: rect, text: text, name: title.replace(/ \([^()]*\)$/, ""),
			share: (/, ([0-9.]+%)[^()]*\)$/.exec(title) || ["", ""])[1],
			x: +rect.getAttribute("x"), w: +rect.getAttribute("width"), y: +rect.getAttribute("y"),
		};
	});
	function place(b, x, w) {
		b.rect.setAttribute("x", x);
		b.rect.setAttribute("width", w);
		b.text.setAttribute("x", x + 3);
		const room = Math.floor((w - 6) / char);
		let s = room < 3 ? "" : b.name.length <= room ? b.name : b.name.slice(0, room - 2) + "..";
		if (s === b.name && s.length + b.share.length + 2 <= room) {
			s += "  " + b.share;
		}
		b.text.textContent = s;
	}
	function zoom(to) {
		const scale = (width - 2 * margin) / to.w, slack = 1e-6;
		for (const b of boxes) {
			const above = b.y < to.y && b.x <= to.x + slack && b.x + b.w >= to.x + to.w - slack;
			const inside = b.y >= to.y && b.x >= to.x - slack && b.x + b.w <= to.x + to.w + slack;
			b.g.classList.toggle("above", above && to !== boxes[0]);
			b.g.classList.toggle("out", !above && !inside);
			if (above) {
				place(b, margin, width - 2 * margin);
			} else if (inside) {
				place(b, margin + (b.x - to.x) * scale, b.w * scale);
			}
		}
	}
	for (const b of boxes) {
		b.g.addEventListener("click", function () { zoom(b); });
	}
	const field = document.getElementById("search"), found = document.getElementById("found");
	function search(pattern) {
		let re = null;
		try {
			re = pattern === "" ? null : new RegExp(pattern, pattern === pattern.toLowerCase() ? "i" : "");
		} catch (e) {
			found.textContent = "no regular expression: " + e.message;
			return;
		}
		const spans = [];
		let n = 0;
		for (const b of boxes) {
			const hit = re !== null && re.test(b.name);
			b.g.classList.toggle("found", hit);
			if (hit) {
				n++;
				spans.push([b.x, b.x + b.w]);
			}
		}
		// What is below a box that was found counts once.
		spans.sort(function (p, q) { return p[0] - q[0]; });
		let sum = 0, end = 0;
		for (const s of spans) {
			sum += Math.max(0, s[1] - Math.max(s[0], end));
			end = Math.max(end, s[1]);
		}
		found.textContent = re === null ? "" : n + (n === 1 ? " box, " : " boxes, ") + (100 * sum / (width - 2 * margin)).toFixed(1) + "% of all";
	}
	if (field) {
		field.addEventListener("input", function () { search(field.value); });
		document.addEventListener("keydown", function (e) {
			if (e.key === "Escape") {
				field.value = "";
				search("");
				zoom(boxes[0]);
			} else if (e.key === "/" && e.target !== field) {
				e.preventDefault();
				field.focus();
			}
		});
	}
})();
