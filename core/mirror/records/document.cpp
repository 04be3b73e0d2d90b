#include "core/mirror/records/document.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

#include "core/platform/base/error.hpp"

namespace devy::records {
namespace {

// GitHub allows 100 labels and 10 assignees; a longer list comes from elsewhere.
constexpr std::size_t set_size_max = 1'000;
constexpr const char* an_id = "a number above 0";
constexpr const char* updated_at = "updated_at";

// The elements of a list that may be a whole set.
std::optional<std::vector<json::Value>> elements_of(const json::Value& document,
                                                    std::string_view path) {
  const auto list = document.find(path);
  if (!list || !list->is_array() || list->size() > set_size_max) return std::nullopt;
  return list->items();
}

template <class Element, class Less>
void make_set(std::vector<Element>& elements, Less less) {
  std::sort(elements.begin(), elements.end(), less);
  elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
}

// A team asked for a review stands among the users of old payloads, with ids of another kind.
bool is_team(const json::Value& document) {
  return document.is_object() && !document.has("login") && document.has("slug");
}

std::optional<LabelLink> process_label_link(const json::Value& label, const Origin& origin,
                                            Records& into) {
  const auto name_of = [](const json::Value& value, std::string_view path) {
    auto name = value.if_mended_text(path);
    return name ? std::optional(cut_text(*std::move(name), short_bytes_max)) : std::nullopt;
  };
  if (auto name = name_of(label, {})) return LabelLink{std::nullopt, *std::move(name)};
  auto name = name_of(label, "name");
  const auto id = id_at(label, "id");
  if (id) process_label(label, origin, into);
  else into.skip(invalid_reason(Relation::label, label, "id", an_id));
  if (!name) return std::nullopt;
  return LabelLink{id, *std::move(name)};
}

}  // namespace

std::string invalid_reason(Relation relation, const json::Value& document, std::string_view path,
                           std::string_view wanted) {
  return "unable to read a document of table '" + std::string(to_string(relation)) + "': '" +
         document.place_of(path) + "' must be " + std::string(wanted);
}

void refuse_document(Relation relation, const json::Value& document, std::string_view path,
                     std::string_view wanted) {
  throw base::Error(base::ErrorKind::rejected, invalid_reason(relation, document, path, wanted), "",
                    "document_invalid");
}

std::optional<std::int64_t> id_at(const json::Value& document, std::string_view path) {
  const auto id = document.if_integer(path);
  return id && *id > 0 ? id : std::nullopt;
}

std::int64_t require_id(Relation relation, const json::Value& document, std::string_view path) {
  const auto id = id_at(document, path);
  if (!id) refuse_document(relation, document, path, an_id);
  return *id;
}

std::int64_t number_of(const json::Value& document) {
  const auto number = id_at(document, "number").value_or(0);
  return number <= std::numeric_limits<std::int32_t>::max() ? number : 0;
}

std::int64_t require_repository(Relation relation, const json::Value& document,
                                std::string_view path, const Origin& origin) {
  if (const auto id = id_at(document, path)) return *id;
  if (!origin.repository_id) refuse_document(relation, document, path, an_id);
  return *origin.repository_id;
}

bool is_believed(const Origin& origin, std::int64_t repository_id) {
  return !origin.scope || *origin.scope == repository_id;
}

Record dated_record(Relation relation, const json::Value& document, std::span<const Column> columns,
                    std::int64_t repository_id, const Origin& origin) {
  Record record{.relation = relation, .id = require_id(relation, document)};
  record.columns = read_columns(document, columns);
  const auto time = read_time(document, updated_at);
  record.is_added_only = !time || !is_believed(origin, repository_id);
  if (record.is_added_only) return record;
  record.github_at = time;
  record.has_own_time = true;
  return record;
}

void date_by_origin(Record& record, bool is_believed, const Origin& origin) {
  record.is_added_only = !is_believed;
  if (is_believed) record.github_at = origin.github_at;
}

Origin inside(const json::Value& document, std::int64_t repository_id, const Origin& origin) {
  auto nested = origin;
  nested.repository_id = repository_id;
  if (const auto time = read_time(document, updated_at)) nested.github_at = time;
  return nested;
}

void process_nested(const json::Value& document, std::string_view path, Relation relation,
                    Process process, const Origin& origin, Records& into) {
  const auto nested = document.find(path);
  if (!nested || !nested->is_object()) return;
  if (id_at(*nested, "id")) process(*nested, origin, into);
  else into.skip(invalid_reason(relation, *nested, "id", an_id));
}

std::optional<std::vector<std::int64_t>> process_users(const json::Value& document,
                                                       std::string_view path, const Origin& origin,
                                                       Records& into) {
  const auto elements = elements_of(document, path);
  if (!elements) return std::nullopt;
  std::vector<std::int64_t> ids;
  bool is_whole = true;
  for (const auto& user : *elements) {
    if (is_team(user)) continue;
    const auto id = id_at(user, "id");
    if (id) process_user(user, origin, into);
    else into.skip(invalid_reason(Relation::user, user, "id", an_id));
    if (id) ids.push_back(*id);
    else is_whole = false;
  }
  make_set(ids, std::less<>());
  return is_whole ? std::optional(std::move(ids)) : std::nullopt;
}

std::optional<std::vector<LabelLink>> process_labels(const json::Value& document,
                                                     std::string_view path, const Origin& origin,
                                                     Records& into) {
  const auto elements = elements_of(document, path);
  if (!elements) return std::nullopt;
  std::vector<LabelLink> links;
  bool is_whole = true;
  for (const auto& label : *elements) {
    auto link = process_label_link(label, origin, into);
    if (link) links.push_back(*std::move(link));
    else is_whole = false;
  }
  make_set(links, [](const LabelLink& a, const LabelLink& b) {
    return a.id != b.id ? a.id < b.id : a.name < b.name;
  });
  return is_whole ? std::optional(std::move(links)) : std::nullopt;
}

Skipped process_list(const json::Value& list, Process process, const Origin& origin,
                     Records& into) {
  if (!list.is_array())
    throw base::Error(base::ErrorKind::rejected,
                      "unable to read a list of documents: it is no list", "", "document_invalid");
  Skipped skipped;
  for (const auto& document : list.items()) {
    try {
      process(document, origin, into);
    } catch (const base::Error& error) {
      if (error.code() != "document_invalid") throw;
      skipped.add(error.text());
    }
  }
  return skipped;
}

}  // namespace devy::records
