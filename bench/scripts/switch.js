(function() {
  let s = 0;
  for (let i = 0; i < 5000000; i++) {
    switch (i % 10) {
      case 0: s += 0; break; case 1: s += 1; break; case 2: s += 2; break; case 3: s += 3; break; case 4: s += 4; break;
      case 5: s += 5; break; case 6: s += 6; break; case 7: s += 7; break; case 8: s += 8; break; default: s += 9;
    }
  }
  return s;
})()
