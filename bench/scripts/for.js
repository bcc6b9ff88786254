(function() { let s = 0; for (let i = 0; i < 5000000; i++) { s += i; } return s; })()
