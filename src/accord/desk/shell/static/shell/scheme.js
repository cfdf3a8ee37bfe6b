// Before anything is painted: the reader's own choice of light or dark, if they made one.
try {
  const scheme = localStorage.getItem("scheme");
  if (scheme) document.documentElement.dataset.scheme = scheme;
} catch { /* storage may be forbidden; the system's scheme then holds */ }
