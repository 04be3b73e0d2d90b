#include "core/files/store/file.hpp"

#include "core/platform/base/hex.hpp"

namespace devy::files {
namespace {

using json::Json;

Json reference_json(const Reference& reference) {
  return Json::object({{"kind", reference.kind}, {"key", reference.key}});
}

// Why a file was refused, in words.
Json error_json(const std::string& code) {
  if (code.empty()) return nullptr;
  const bool is_disk = code == "storage_failed";
  return Json::object({{"code", code},
                       {"message", is_disk ? "The server's disk failed." : "The file was refused."},
                       {"hint", is_disk ? "Upload it again." : "Upload another one."}});
}

}  // namespace

Json file_json(const File& file) {
  const auto path = "/v1/files/" + file.id.text();
  return Json::object({{"id", file.id},
                       {"name", file.name},
                       {"size", file.size},
                       {"sha256", file.sha256 ? Json(base::to_hex(*file.sha256)) : Json(nullptr)},
                       {"media_type", file.media_type},
                       {"state", file.state},
                       {"offset", file.received},
                       {"stored", file.is_stored},
                       {"created_at", file.created_at},
                       {"expires_at", file.expires_at},
                       {"references", json::json_array(file.references, reference_json)},
                       {"metadata", Json::stored(file.metadata_json)},
                       {"error", error_json(file.error_code)},
                       {"url", path + "/content"}});
}

}  // namespace devy::files
