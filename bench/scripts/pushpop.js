(function() { const a = []; let s = 0; for (let i = 0; i < 1000000; i++) { a.push(i); if (a.length > 100) { s += a.pop(); a.pop(); } } return s; })()
