# The backports suite as one deb822 stanza, with the address, key and options of the source that
# serves the release itself. Exit status 1 when this file holds no such source.
# Variables: suite (codename of the release), is_deb822 (else the one-line format).

function reset() { delete field; count = 0 }

function keep(name, value) {
  if (!(name in field)) order[++count] = name
  field[name] = value
}

function has(list, word,    words, i, n) {
  n = split(list, words, /[ \t\n]+/)
  for (i = 1; i <= n; i++) if (words[i] == word) return 1
  return 0
}

# The release may be named by codename or by its place in the row.
function serves(suites) { return has(suites, suite) || has(suites, "stable") || has(suites, "oldstable") }

function finish(    i, name) {
  if (!is_done && has(field["types"], "deb") && serves(field["suites"]) &&
      has(field["components"], "main") && field["enabled"] != "no") {
    print "# Added by devy-upload's scripts/install-deps: libgit2 is too old in the release itself."
    print "Types: deb"
    print "URIs: " field["uris"]
    print "Suites: " suite "-backports"
    print "Components: main"
    for (i = 1; i <= count; i++) {
      name = order[i]
      if (name ~ /^(signed-by|architectures|trusted|check-valid-until|allow-insecure|by-hash)$/)
        print titled(name) ": " field[name]
    }
    is_done = 1
  }
  reset()
}

function titled(name,    parts, n, i, text) {
  n = split(name, parts, "-")
  for (i = 1; i <= n; i++) {
    if (parts[i] != "by" || i == 1) parts[i] = toupper(substr(parts[i], 1, 1)) substr(parts[i], 2)
    else parts[i] = "By"
    text = text (i > 1 ? "-" : "") parts[i]
  }
  return text
}

function read_options(text,    words, n, i, name, value, at) {
  n = split(text, words, /[ \t]+/)
  for (i = 1; i <= n; i++) {
    at = index(words[i], "=")
    if (!at) continue
    name = tolower(substr(words[i], 1, at - 1))
    value = substr(words[i], at + 1)
    gsub(/,/, " ", value)
    keep(name == "arch" ? "architectures" : name, value)
  }
}

/^[ \t]*#/ { next }

is_deb822 && /^[ \t]*$/ { finish(); next }
is_deb822 && /^[ \t]/ { field[last] = field[last] "\n" $0; next }
is_deb822 {
  last = tolower(substr($0, 1, index($0, ":") - 1))
  value = substr($0, index($0, ":") + 1)
  gsub(/^[ \t]+|[ \t]+$/, "", value)
  keep(last, value)
  next
}

$1 == "deb" {
  line = $0
  sub(/^deb[ \t]+/, "", line)
  if (line ~ /^\[/) {
    read_options(substr(line, 2, index(line, "]") - 2))
    line = substr(line, index(line, "]") + 1)
  }
  sub(/[ \t]*#.*$/, "", line)
  n = split(line, words, " ")
  keep("types", "deb")
  keep("uris", words[1])
  keep("suites", words[2])
  rest = ""
  for (i = 3; i <= n; i++) rest = rest " " words[i]
  keep("components", rest)
  finish()
}

END {
  if (is_deb822) finish()
  exit !is_done
}
