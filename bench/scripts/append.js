(function() { const t = []; for (let i = 0; i < 200000; i++) t.push("ab"); return t.join("").length; })()
