(function() {
  const n = 1000000; const prime = [];
  for (let i = 0; i <= n; i++) prime.push(true);
  let count = 0;
  for (let i = 2; i <= n; i++) {
    if (prime[i]) { count++; let j = i * i; while (j <= n) { prime[j] = false; j += i; } }
  }
  return count;
})()
