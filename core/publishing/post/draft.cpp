#include "core/publishing/post/draft.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/publishing/markdown/plain_text.hpp"
#include "core/publishing/post/date.hpp"

namespace devy::post {
namespace {

// "Yes" to one of these hides the post.
constexpr std::array<std::string_view, 6> hiding_names{"draft",       "isdraft",     "ignorepost",
                                                       "saveasdraft", "unpublished", "private"};
// "No" to one of these hides it.
constexpr std::array<std::string_view, 3> showing_names{"published", "publish", "ispublished"};
// A word of one of these may hide it; most of their words say something else.
constexpr std::array<std::string_view, 2> state_names{"status", "visibility"};

bool is_one_of(std::string_view name, const auto& names) {
  return std::ranges::find(names, name) != names.end();
}

std::optional<bool> to_truth(const Value& value) {
  if (!value.is_scalar()) return std::nullopt;
  const auto word = base::to_lower(markdown::plain_text(value.text));
  if (is_one_of(word, std::array{"true", "yes", "on", "1", "y", "t"})) return true;
  if (is_one_of(word, std::array{"false", "no", "off", "0", "n", "f"})) return false;
  return std::nullopt;
}

// "draft", "Draft 2" and "in draft" alike.
bool is_hiding_state(std::string_view text) {
  std::string state = base::to_lower(text);
  while (!state.empty()) {
    const auto end = std::ranges::find_if_not(state, base::is_letter);
    const std::string_view word(state.begin(), end);
    if (is_one_of(word, std::array{"draft", "drafts", "drafted", "private", "unpublished",
                                   "pending", "hidden"}))
      return true;
    state.erase(state.begin(), end == state.end() ? end : end + 1);
  }
  return false;
}

std::string quoted(const NamedValue& member) {
  constexpr std::size_t shown_bytes_max = 60;
  const Value& value = *member.value;
  std::string text = value.kind == Value::Kind::list  ? "a list"
                     : value.kind == Value::Kind::map ? "a map"
                                                      : value.text;
  return base::in_quotes(std::string(member.key) + ": " + text, shown_bytes_max);
}

class DraftReader {
 public:
  void read(const NamedValue& member) {
    const Value& value = *member.value;
    if (value.kind == Value::Kind::null || (value.is_scalar() && value.text.empty())) return;
    if (is_one_of(member.name, state_names)) return read_state(member, value);
    const bool hides = is_one_of(member.name, hiding_names);
    if (!hides && !is_one_of(member.name, showing_names)) return;
    const auto truth = to_truth(value);
    if (truth) return say(member, *truth == hides);
    // Some programs keep the date of publishing under this name.
    if (!hides && value.is_scalar() && parse_date(value.text, Timezone())) return;
    result_.is_draft = true;
    result_.warnings.push_back({value.place, quoted(member) +
                                                 " is neither true nor false, so the post is "
                                                 "hidden as a draft; write 'true' or 'false'"});
  }

  [[nodiscard]] Draft take() {
    if (hidden_by_ != nullptr && shown_by_ != nullptr)
      result_.warnings.push_back(
          {hidden_by_->value->place, quoted(*hidden_by_) + " and " + quoted(*shown_by_) +
                                         " disagree, so the post is hidden as a draft"});
    return std::move(result_);
  }

 private:
  void read_state(const NamedValue& member, const Value& value) {
    if (value.is_scalar() && is_hiding_state(value.text)) say(member, true);
    if (std::ranges::any_of(value.items, [](const Value& item) {
          return item.is_scalar() && is_hiding_state(item.text);
        }))
      say(member, true);
  }

  void say(const NamedValue& member, bool hides) {
    result_.is_draft = result_.is_draft || hides;
    (hides ? hidden_by_ : shown_by_) = &member;
  }

  Draft result_;
  const NamedValue* hidden_by_ = nullptr;
  const NamedValue* shown_by_ = nullptr;
};

}  // namespace

Draft read_draft(const std::vector<NamedValue>& members) {
  DraftReader reader;
  for (const auto& member : members)
    reader.read(member);
  return reader.take();
}

}  // namespace devy::post
