#include "core/publishing/store/left_out_json.hpp"

#include <algorithm>

#include "core/platform/base/error.hpp"
#include "core/platform/json/reader.hpp"

namespace devy::publishing {
namespace {

using json::Json;

// This reads what stored_left_out_json() wrote.
constexpr json::Format left_out_format{.name = "an upload's files that are left out",
                                       .bytes_max = std::size_t{16} * 1024 * 1024,
                                       .kind = base::ErrorKind::internal};

std::optional<std::string> name_or_null(const blog::LeftOutReason& reason) {
  return reason.name.empty() ? std::nullopt : std::optional(reason.name);
}

blog::LeftOutReason reason_of(const json::Value& item) {
  const auto rule = blog::parse_left_out_rule(item.text("rule"));
  if (!rule)
    throw base::Error(base::ErrorKind::internal, "unable to read why files are left out: rule '" +
                                                     item.text("rule") + "' is unknown");
  return {*rule, item.maybe_text("name").value_or("")};
}

}  // namespace

Json left_out_json(const blog::LeftOut& left_out) {
  auto counts = Json::array();
  for (const auto& [reason, count] : left_out.counts)
    counts.push(Json::object({{"rule", blog::to_string(reason.rule)},
                              {"name", name_or_null(reason)},
                              {"count", count}}));
  const auto markdown_files = left_out.markdown_files();
  return Json::object({{"markdown_files", left_out.posts + markdown_files},
                       {"left_out", markdown_files},
                       {"is_at_least", left_out.is_at_least},
                       {"counts", std::move(counts)}});
}

Json left_out_files_json(const blog::LeftOut& left_out, std::size_t count_max) {
  auto files = Json::array();
  for (std::size_t i = 0; i < std::min(count_max, left_out.files.size()); ++i) {
    const auto& [path, reason] = left_out.files[i];
    files.push(Json::object(
        {{"path", path}, {"rule", blog::to_string(reason.rule)}, {"name", name_or_null(reason)}}));
  }
  return files;
}

Json stored_left_out_json(const blog::LeftOut& left_out) {
  return left_out_json(left_out).set("files",
                                     left_out_files_json(left_out, stored_left_out_files_max));
}

blog::LeftOut left_out_from_json(std::string_view text) {
  const auto object = json::parse(text, left_out_format);
  blog::LeftOut left_out;
  left_out.is_at_least = object.boolean("is_at_least");
  for (const auto& item : object.items("counts"))
    left_out.counts[reason_of(item)] =
        static_cast<std::uint64_t>(item.integer<std::int64_t>("count"));
  left_out.posts = static_cast<std::uint64_t>(object.integer<std::int64_t>("markdown_files") -
                                              object.integer<std::int64_t>("left_out"));
  for (const auto& item : object.items("files"))
    left_out.files.push_back({item.text("path"), reason_of(item)});
  return left_out;
}

}  // namespace devy::publishing
