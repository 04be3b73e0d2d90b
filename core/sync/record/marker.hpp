#pragma once
// Adds to texts that go to GitHub, and takes off again from those that come (sync.md, section
// 5): a header that says who wrote it here, where the App writes for a person, and the marker by
// which what was made here is known again. strip(decorate(x)) is x, for every normal text.
//
// A marker is believed only with its HMAC and for an open intent; that is its reader's affair.
// Values; pure; any thread.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/secret.hpp"

namespace devy::record {

struct Marker {
  std::string kind;  // task or comment
  std::string id;    // of the record, a canonical UUID
  std::string code;  // 16 hexadecimal digits: HMAC-SHA-256 over kind, id and repository, cut
};
// For a record that is made at the repository of that id.
[[nodiscard]] Marker make_marker(const base::Secret& key, std::string_view kind,
                                 std::string_view id, std::int64_t repository_id);
// Whether the marker was made by us, for that repository. In constant time.
[[nodiscard]] bool is_genuine(const base::Secret& key, const Marker& marker,
                              std::int64_t repository_id);
[[nodiscard]] std::string to_text(const Marker& marker);  // <!-- devy:task:<id>:<code> -->

struct Author {
  std::string name;  // as he is shown here
  std::string url;   // of his page here
};
struct Decoration {
  std::optional<Author> author;  // empty: he writes as himself
  std::optional<Marker> marker;  // empty: it was made at GitHub
  // Logins of GitHub whose accounts are linked: names here → logins there, which are mentioned so
  // that they are told.
  std::map<std::string, std::string> mentions = {};
  // The text as GitHub has it: people whom it mentions there already are mentioned on.
  std::string_view former = {};
};
[[nodiscard]] std::string decorate(std::string_view text, const Decoration& decoration);

struct Stripped {
  std::string text;  // normal (normal_text())
  std::optional<Marker> marker;
  bool has_header = false;
};
// By place and form alone: a header that is broken is text.
[[nodiscard]] Stripped strip(std::string_view body);

// The names behind an @ in a text, in lower case, each once.
[[nodiscard]] std::vector<std::string> names_mentioned(std::string_view text);

// Whether a person's text has what only we may write; the API refuses it (422).
[[nodiscard]] bool has_reserved(std::string_view text);

}  // namespace devy::record
