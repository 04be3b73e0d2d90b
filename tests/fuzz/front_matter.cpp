// Fuzz target: a post's front matter, YAML and TOML. What comes out can be stored.
#include "core/publishing/post/front_matter.hpp"

#include <nlohmann/json.hpp>

#include "core/platform/base/safe_text.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace {

using devy::fuzz::expect;

constexpr std::size_t block_bytes_max = 64UL * 1024;

// As document.cpp does before.
bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto length = devy::base::utf8_length(bytes.substr(0, 4));
    if (length == 0 || bytes[0] == '\0') return false;
    bytes.remove_prefix(length);
  }
  return true;
}

// jsonb refuses U+0000 anywhere.
bool has_nul(const nlohmann::json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>().find('\0') != std::string::npos;
  for (const auto& [key, item] : value.items())
    if (key.find('\0') != std::string::npos || (&item != &value && has_nul(item))) return true;
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = devy::fuzz::text_of(data, size);
  if (!is_utf8(text)) return 0;
  const auto read = devy::post::read_front_matter(text, devy::post::Timezone(), block_bytes_max);
  if (const auto* problem = std::get_if<devy::post::FrontMatterProblem>(&read)) {
    expect(!problem->message.empty(), "a problem is said");
    return 0;
  }
  const auto& found = std::get<devy::post::FrontMatter>(read);
  expect(found.body_offset <= size, "the text begins within the file");
  expect(is_utf8(found.json) && nlohmann::json::accept(found.json), "the keys are kept as JSON");
  expect(!has_nul(nlohmann::json::parse(found.json)), "no text holds what cannot be stored");
  for (const auto* field : {&found.title, &found.summary, &found.cover, &found.lang, &found.slug})
    expect(!*field || is_utf8(**field), "texts are UTF-8 without U+0000");
  for (const auto* list : {&found.tags, &found.authors, &found.aliases})
    for (const auto& item : *list)
      expect(is_utf8(item), "texts are UTF-8 without U+0000");
  return 0;
}
