#include "core/publishing/post/front_matter_keys.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/publishing/markdown/link_target.hpp"
#include "core/publishing/markdown/plain_text.hpp"
#include "core/publishing/post/date.hpp"
#include "core/publishing/post/slug.hpp"

namespace devy::post {
namespace {

using Names = std::initializer_list<std::string_view>;

struct Wrong {
  FrontMatterProblem problem;
};

std::string in_quotes(std::string_view text) {
  constexpr std::size_t shown_bytes_max = 60;
  return base::in_quotes(text, shown_bytes_max);
}

[[noreturn]] void fail(const Value& value, std::string_view key, std::string_view expected) {
  std::string found;
  if (value.kind == Value::Kind::list) found = "a list";
  else if (value.kind == Value::Kind::map) found = "a map";
  else found = in_quotes(value.text);
  throw Wrong{
      {value.place, in_quotes(key) + " must be " + std::string(expected) + ", and not " + found}};
}

// The shape of BCP 47: "de", "pt-BR", "zh-Hant-TW", "x-devy". Which subtags exist changes; what a
// browser does with one that does not is nothing.
bool is_language_tag(std::string_view tag) {
  constexpr std::size_t tag_bytes_max = 35;  // what RFC 5646 (4.4.1) wants room for
  constexpr std::size_t subtag_bytes_max = 8;
  if (tag.empty() || tag.size() > tag_bytes_max) return false;
  bool is_first = true;
  while (!tag.empty()) {
    const auto end = std::min(tag.find('-'), tag.size());
    const auto subtag = tag.substr(0, end);
    const bool is_fit = std::ranges::all_of(subtag, [&](char byte) {
      return base::is_letter(byte) || (!is_first && base::is_digit(byte));
    });
    const bool is_private = is_first && (subtag == "x" || subtag == "i") && end < tag.size();
    const std::size_t bytes_min = is_first && !is_private ? 2 : 1;
    if (!is_fit || subtag.size() < bytes_min || subtag.size() > subtag_bytes_max) return false;
    tag.remove_prefix(end);
    if (tag == "-") return false;
    if (!tag.empty()) tag.remove_prefix(1);
    is_first = false;
  }
  return true;
}

class Keys {
 public:
  Keys(const Value& root, const Timezone& zone, FrontMatter& result)
      : zone_(zone), result_(result) {
    for (const auto& [key, value] : root.members) {
      const auto [place, is_new] = values_.insert_or_assign(base::to_lower(key), &value);
      if (!is_new) warn(value, in_quotes(key) + " is there twice, and the last one counts");
    }
  }

  void read() {
    result_.title = text({"title"});
    read_slug();
    result_.date = date({"date", "pubdate", "publishdate"});
    result_.updated = date({"updated", "lastmod"});
    if (const auto expires = date({"expires", "expirydate"})) result_.expires = expires->at;
    result_.summary = text({"summary", "description", "excerpt"});
    for (const std::string_view name : {"tags", "categories"})
      list(name, result_.tags, true);
    for (const std::string_view name : {"authors", "author"})
      list(name, result_.authors, false);
    for (const std::string_view name : {"aliases", "redirect_from"})
      list(name, result_.aliases, false);
    read_language();
    read_addresses();
    read_draft();
  }

 private:
  struct Found {
    std::string_view key;
    const Value* value = nullptr;
  };

  // Returns the first of the names that has a value; `key: ` without one does not count.
  [[nodiscard]] Found find(Names names) const {
    for (const auto name : names) {
      const auto found = values_.find(name);
      if (found != values_.end() && found->second->kind != Value::Kind::null)
        return {name, found->second};
    }
    return {};
  }

  std::optional<std::string> text(Names names) const {
    const Found found = find(names);
    if (found.value == nullptr) return std::nullopt;
    if (!found.value->is_scalar()) fail(*found.value, found.key, "a text");
    std::string plain = markdown::plain_text(found.value->text);
    return plain.empty() ? std::nullopt : std::optional(std::move(plain));
  }

  std::optional<WrittenDate> date(Names names) const {
    const Found found = find(names);
    if (found.value == nullptr || (found.value->is_scalar() && found.value->text.empty()))
      return std::nullopt;
    constexpr std::string_view expected = "a date such as 2024-01-02 or 2024-01-02T03:04:05Z";
    const bool may_be_date =
        found.value->kind == Value::Kind::date || found.value->kind == Value::Kind::text;
    if (!may_be_date) fail(*found.value, found.key, expected);
    const auto parsed = parse_date(found.value->text, zone_);
    if (!parsed) fail(*found.value, found.key, expected);
    return parsed;
  }

  static void add(std::vector<std::string>& to, std::string_view text) {
    std::string plain = markdown::plain_text(text);
    if (!plain.empty() && std::ranges::find(to, plain) == to.end()) to.push_back(std::move(plain));
  }

  // One text (of several between commas where `splits`), a list of them, or maps with a name.
  void list(std::string_view name, std::vector<std::string>& to, bool splits) const {
    const Found found = find({name});
    if (found.value == nullptr) return;
    const Value& value = *found.value;
    constexpr std::size_t items_max = 1'000;
    constexpr std::string_view expected = "a text or a list of texts";
    if (value.kind != Value::Kind::list) {
      if (splits && value.is_scalar()) add_split(to, value.text);
      else add_item(to, value, name, expected);
      return;
    }
    if (value.items.size() > items_max) fail(value, name, "a list of at most 1000 texts");
    for (const auto& item : value.items)
      add_item(to, item, name, expected);
  }

  static void add_split(std::vector<std::string>& to, std::string_view text) {
    while (!text.empty()) {
      const auto comma = text.find(',');
      add(to, text.substr(0, comma));
      text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    }
  }

  static void add_item(std::vector<std::string>& to, const Value& item, std::string_view name,
                       std::string_view expected) {
    if (item.is_scalar()) return add(to, item.text);
    const Value* named = member(item, {"name"});
    if (named == nullptr) fail(item, name, expected);
    add(to, named->text);
  }

  static const Value* member(const Value& map, Names names) {
    for (const auto name : names)
      for (const auto& [key, value] : map.members)
        if (key == name && value.is_scalar() && value.kind != Value::Kind::null) return &value;
    return nullptr;
  }

  void read_slug() {
    result_.slug = text({"slug"});
    if (result_.slug) {
      const Value& value = *find({"slug"}).value;
      result_.slug_place = value.place;
      const bool is_nothing = result_.slug->find_first_not_of('/') == std::string::npos;
      if (!is_nothing && !slug_of_address(*result_.slug))
        warn(value, "'slug' is left out: " + in_quotes(*result_.slug) + " has no letter or number");
    }
    for (const std::string_view name : {"permalink", "url", "path"})
      if (read_permalink(name)) return;
  }

  // Eleventy says false for a file without a page, and everybody's own programs have keys like
  // these for other things: what cannot be an address of the blog is none.
  bool read_permalink(std::string_view name) {
    const Found found = find({name});
    if (found.value == nullptr || found.value->kind == Value::Kind::boolean) return false;
    const Value& value = *found.value;
    if (!value.is_scalar()) {
      warn(value, in_quotes(name) + " is left out: it must be a text");
      return false;
    }
    std::string address = markdown::plain_text(value.text);
    if (is_permalink_pattern(address))
      warn(value, in_quotes(name) + " is left out: " + in_quotes(address) +
                      " is a pattern; write the address itself");
    if (!is_permalink(name, address)) return false;
    result_.permalink = std::move(address);
    result_.slug_place = value.place;
    return true;
  }

  // "en_US", as programs write it, means "en-US".
  void read_language() {
    auto tag = text({"lang"});
    if (!tag) return;
    std::ranges::replace(*tag, '_', '-');
    if (is_language_tag(*tag)) {
      result_.lang = std::move(tag);
      return;
    }
    const Value& value = *find({"lang"}).value;
    warn(value, "'lang' is left out: " + in_quotes(value.text) +
                    " is not a language tag such as 'en' or 'pt-BR'");
  }

  void read_addresses() {
    if (const Found found = find({"cover", "image"}); found.value != nullptr) {
      // Themes write {src: …} and the like as often as the bare address.
      const Value* address = found.value->is_scalar()
                                 ? found.value
                                 : member(*found.value, {"image", "src", "url", "path"});
      if (found.value->kind == Value::Kind::list) fail(*found.value, found.key, "a text");
      if (address != nullptr)
        result_.cover =
            checked(*address, found.key, markdown::is_allowed_target, "http, https or relative");
    }
    if (const Found found = find({"canonical"}); found.value != nullptr) {
      if (!found.value->is_scalar()) fail(*found.value, found.key, "a text");
      result_.canonical =
          checked(*found.value, found.key, markdown::is_web_address, "http or https");
    }
  }

  std::optional<std::string> checked(const Value& value, std::string_view key,
                                     bool (*is_fit)(std::string_view), std::string_view expected) {
    std::string address = markdown::plain_text(value.text);
    if (address.empty()) return std::nullopt;
    if (is_fit(address)) return address;
    warn(value, in_quotes(key) + " is left out: " + in_quotes(address) + " is not an address (" +
                    std::string(expected) + ")");
    return std::nullopt;
  }

  void read_draft() {
    for (const std::string_view name : {"draft", "is_draft"})
      if (const Found found = find({name}); found.value != nullptr)
        result_.is_draft = result_.is_draft || boolean(*found.value, name);
    // Some sites keep a date under "published"; only a plain no makes a draft of it.
    if (const Found found = find({"published"}); found.value != nullptr)
      if (const auto is_published = to_truth(*found.value))
        result_.is_draft = result_.is_draft || !*is_published;
  }

  static std::optional<bool> to_truth(const Value& value) {
    if (!value.is_scalar()) return std::nullopt;
    const auto word = base::to_lower(value.text);
    if (word == "true" || word == "yes" || word == "on" || word == "1") return true;
    if (word == "false" || word == "no" || word == "off" || word == "0") return false;
    return std::nullopt;
  }

  static bool boolean(const Value& value, std::string_view key) {
    if (value.is_scalar() && value.text.empty()) return false;
    const auto known = to_truth(value);
    if (!known) fail(value, key, "true or false");
    return *known;
  }

  void warn(const Value& value, std::string message) {
    constexpr std::size_t warnings_max = 100;
    if (result_.warnings.size() < warnings_max)
      result_.warnings.push_back({value.place, std::move(message)});
  }

  const Timezone& zone_;
  FrontMatter& result_;
  std::map<std::string, const Value*, std::less<>> values_;
};

}  // namespace

std::optional<FrontMatterProblem> read_keys(const Value& root, const Timezone& zone,
                                            FrontMatter& result) {
  try {
    Keys(root, zone, result).read();
  } catch (const Wrong& wrong) {
    return wrong.problem;
  }
  return std::nullopt;
}

}  // namespace devy::post
