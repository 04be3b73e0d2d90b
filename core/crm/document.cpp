#include "core/crm/document.hpp"

namespace devy::crm {
namespace {

constexpr json::Format format{.name = "Pipedrive's answer",
                              .bytes_max = answer_bytes_max,
                              .kind = base::ErrorKind::unavailable,
                              .code = "crm_garbage",
                              .hint = "Check that crm.api_url is the address of Pipedrive's API."};

}  // namespace

std::optional<json::Value> read_document(std::string_view text) {
  try {
    auto document = json::parse(text, format);
    if (document.is_object()) return document;
  } catch (const base::Error&) {
    // Where a page is no JSON is of no use to anybody.
  }
  return std::nullopt;
}

}  // namespace devy::crm
