#include "core/publishing/post/front_matter_keys.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>
#include <utility>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/publishing/markdown/link_target.hpp"
#include "core/publishing/markdown/plain_text.hpp"
#include "core/publishing/post/date.hpp"
#include "core/publishing/post/draft.hpp"
#include "core/publishing/post/slug.hpp"

namespace devy::post {
namespace {

using Names = std::initializer_list<std::string_view>;

std::string in_quotes(std::string_view text) {
  constexpr std::size_t shown_bytes_max = 60;
  return base::in_quotes(text, shown_bytes_max);
}

std::string found_in(const Value& value) {
  if (value.kind == Value::Kind::list) return "a list";
  if (value.kind == Value::Kind::map) return "a map";
  return in_quotes(value.text);
}

// Programs and themes write "coverImage", "cover_image" and "cover-image" for one thing.
std::string normal(std::string_view key) {
  std::string name = base::to_lower(key);
  std::erase_if(name, [](char byte) { return byte == '-' || byte == '_'; });
  return name;
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

// Returns the value of a map for the first of the names that has one.
const Value* member(const Value& map, Names names) {
  for (const auto name : names)
    for (const auto& [key, value] : map.members)
      if (normal(key) == name && value.is_scalar() && value.kind != Value::Kind::null)
        return &value;
  return nullptr;
}

class Keys {
 public:
  Keys(const Value& root, const Timezone& zone, FrontMatter& result)
      : zone_(zone), result_(result) {
    note(root);
    // Zola's only place for them, and Hugo's in its configuration.
    if (const Found found = find({"taxonomies"}); found.value != nullptr) {
      if (found.value->kind == Value::Kind::map) taxonomies_ = found.value;
      else leave_out(found, "a map of lists");
    }
  }

  void read() {
    result_.title = text({"title"});
    read_slug();
    result_.date = date({"date", "pubdate", "publishdate", "created"});
    result_.updated = date({"updated", "lastmod", "modified", "updateddate", "lastmodifiedat"});
    if (const auto expires = date({"expires", "expirydate"})) result_.expires = expires->at;
    result_.summary = text({"summary", "description", "excerpt", "subtitle"});
    read_tags();
    for (const std::string_view name : {"authors", "author"})
      list(find({name}), result_.authors, false);
    for (const std::string_view name : {"aliases", "redirectfrom"})
      list(find({name}), result_.aliases, false);
    read_language();
    read_addresses();
    const auto draft = read_draft(root_members_);
    result_.is_draft = draft.is_draft;
    for (auto [place, message] : draft.warnings)
      warn(place, std::move(message));
  }

 private:
  struct Found {
    std::string_view key;  // as written
    const Value* value = nullptr;
  };

  void note(const Value& root) {
    for (const auto& named : root.members) {
      root_members_.push_back({normal(named.key), named.key, &named.value});
      const auto [place, is_new] = values_.insert_or_assign(normal(named.key), &named);
      if (is_new) continue;
      warn(named.value.place, in_quotes(named.key) + " is there twice, and the last one counts");
    }
  }

  // Returns the names that have a value, in their order; `key: ` without one does not count.
  [[nodiscard]] std::vector<Found> find_all(Names names) const {
    std::vector<Found> all;
    for (const auto name : names) {
      const auto found = values_.find(name);
      if (found != values_.end() && found->second->value.kind != Value::Kind::null)
        all.push_back({found->second->key, &found->second->value});
    }
    return all;
  }

  [[nodiscard]] Found find(Names names) const {
    const auto all = find_all(names);
    return all.empty() ? Found{} : all.front();
  }

  // Returns the first one of several names whose value can be used.
  std::optional<std::string> text(Names names) {
    for (const Found& found : find_all(names)) {
      if (!found.value->is_scalar()) {
        leave_out(found, "a text");
        continue;
      }
      std::string plain = markdown::plain_text(found.value->text);
      if (!plain.empty()) return plain;
    }
    return std::nullopt;
  }

  std::optional<WrittenDate> date(Names names) {
    for (const Found& found : find_all(names)) {
      const Value& value = *found.value;
      if (value.is_scalar() && markdown::plain_text(value.text).empty()) continue;
      if (value.is_scalar())
        if (const auto parsed = parse_date(value.text, zone_)) return parsed;
      if (value.is_scalar() && is_ambiguous_date(value.text))
        warn(value.place, in_quotes(found.key) + " is left out: " + in_quotes(value.text) +
                              " does not say which number is the month; write the year first, as "
                              "in 2024-01-02");
      else leave_out(found, "a date such as 2024-01-02 or 2024-01-02T03:04:05Z");
    }
    return std::nullopt;
  }

  static void add(std::vector<std::string>& to, std::string_view text) {
    std::string plain = markdown::plain_text(text);
    if (!plain.empty() && std::ranges::find(to, plain) == to.end()) to.push_back(std::move(plain));
  }

  void read_tags() {
    for (const Names names : {Names{"tags", "tag"}, Names{"categories", "category"}}) {
      for (const Found& found : find_all(names))
        list(found, result_.tags, true);
      if (taxonomies_ == nullptr) continue;
      for (const auto name : names)
        for (const auto& [key, value] : taxonomies_->members)
          if (normal(key) == name) list({key, &value}, result_.tags, true);
    }
  }

  // One text (of several between commas where `splits`), a list of them, lists in it, or maps with
  // a name.
  void list(const Found& found, std::vector<std::string>& to, bool splits) {
    if (found.value == nullptr) return;
    if (splits && found.value->is_scalar()) return add_split(to, found.value->text);
    add_item(to, *found.value, found.key);
  }

  static void add_split(std::vector<std::string>& to, std::string_view text) {
    while (!text.empty()) {
      const auto comma = text.find(',');
      add(to, text.substr(0, comma));
      text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    }
  }

  // The readers of front matter limit how deep lists nest.
  void add_item(std::vector<std::string>& to, const Value& item, std::string_view key) {
    constexpr std::size_t items_max = 1'000;
    if (item.kind == Value::Kind::list) {
      for (const auto& each : item.items)
        add_item(to, each, key);
      return;
    }
    if (to.size() >= items_max) {
      if (std::exchange(has_too_many_items_, true)) return;
      return warn(item.place, "of " + in_quotes(key) + " only the first 1000 texts count");
    }
    if (item.is_scalar()) return add(to, item.text);
    const Value* named = member(item, {"label", "name", "title"});
    if (named == nullptr)
      return leave_out({key, &item},
                       "a text, a list of texts or of maps with "
                       "a 'name'");
    add(to, named->text);
  }

  void read_slug() {
    result_.slug = text({"slug"});
    if (result_.slug) {
      const Value& value = *find({"slug"}).value;
      result_.slug_place = value.place;
      const bool is_nothing = result_.slug->find_first_not_of('/') == std::string::npos;
      if (!is_nothing && !slug_of_address(*result_.slug))
        warn(value.place,
             "'slug' is left out: " + in_quotes(*result_.slug) + " has no letter or number");
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
      leave_out(found, "a text");
      return false;
    }
    std::string address = markdown::plain_text(value.text);
    if (is_permalink_pattern(address))
      warn(value.place, in_quotes(found.key) + " is left out: " + in_quotes(address) +
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
    warn(value.place, "'lang' is left out: " + in_quotes(value.text) +
                          " is not a language tag such as 'en' or 'pt-BR'");
  }

  void read_addresses() {
    for (const Found& found : find_all({"cover", "image", "coverimage", "heroimage", "banner"})) {
      // Themes write {src: …} and the like as often as the bare address.
      const Value* address = found.value->is_scalar()
                                 ? found.value
                                 : member(*found.value, {"image", "src", "url", "path"});
      if (address == nullptr) leave_out(found, "an address");
      else
        result_.cover =
            checked(*address, found.key, markdown::is_allowed_target, "http, https or relative");
      if (!result_.cover) continue;
      result_.cover_place = address->place;
      break;
    }
    for (const Found& found : find_all({"canonical", "canonicalurl"})) {
      if (!found.value->is_scalar()) leave_out(found, "an address");
      else
        result_.canonical =
            checked(*found.value, found.key, markdown::is_web_address, "http or https");
      if (result_.canonical) break;
    }
  }

  std::optional<std::string> checked(const Value& value, std::string_view key,
                                     bool (*is_fit)(std::string_view), std::string_view expected) {
    std::string address = markdown::plain_text(value.text);
    if (address.empty()) return std::nullopt;
    if (is_fit(address)) return address;
    warn(value.place, in_quotes(key) + " is left out: " + in_quotes(address) +
                          " is not an address (" + std::string(expected) + ")");
    return std::nullopt;
  }

  // An author who wrote a text that begins with a bracket got a list.
  void leave_out(const Found& found, std::string_view expected) {
    const bool wants_text = expected == "a text";
    warn(found.value->place, in_quotes(found.key) + " is left out: it must be " +
                                 std::string(expected) + ", and not " + found_in(*found.value) +
                                 (wants_text ? "; put the value in quotes" : ""));
  }

  void warn(markdown::Place place, std::string message) {
    constexpr std::size_t warnings_max = 100;
    if (result_.warnings.size() < warnings_max)
      result_.warnings.push_back({place, std::move(message)});
  }

  const Timezone& zone_;
  FrontMatter& result_;
  std::map<std::string, const Member*, std::less<>> values_;  // by their normal names
  std::vector<NamedValue> root_members_;
  const Value* taxonomies_ = nullptr;
  bool has_too_many_items_ = false;
};

}  // namespace

void read_keys(const Value& root, const Timezone& zone, FrontMatter& result) {
  Keys(root, zone, result).read();
}

}  // namespace devy::post
