(function() { const obj = { count: 0, inc(n) { this.count += n; } }; for (let i = 0; i < 1000000; i++) obj.inc(2); return obj.count; })()
