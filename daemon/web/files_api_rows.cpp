#include "daemon/web/files_api_rows.hpp"

#include "core/files/intake/file_name.hpp"
#include "core/files/store/file_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/http/server/query.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/json/reader.hpp"
#include "daemon/web/api_answer.hpp"
#include "daemon/web/files_api_answer.hpp"

namespace devy::daemon {
namespace {

using json::Json;

constexpr std::uint64_t document_bytes_max = 16UL * 1024;
constexpr std::size_t metadata_bytes_max = 4096;
constexpr json::Format document_format{.name = "the body",
                                       .bytes_max = document_bytes_max,
                                       .depth_max = 16,
                                       .kind = base::ErrorKind::usage};
constexpr int files_page_max = 100;

http::Response no_such_file() {
  return file_refusal(404, "not_found", "you have no such file");
}

// The text of a member that is an object, for a column; nothing when it is absent.
std::optional<std::string> metadata_of(const json::Value& document) {
  const auto value = document.find("metadata");
  if (!value) return std::nullopt;
  if (!value->is_object()) value->refuse("", "an object");
  auto text = Json::object();
  for (const auto& [name, member] : value->members()) {
    if (const auto words = member.if_text()) text.set(name, *words);
    else if (const auto truth = member.if_boolean()) text.set(name, *truth);
    else if (const auto whole = member.if_integer()) text.set(name, *whole);
    else if (const auto number = member.if_number()) text.set(name, *number);
    else member.refuse("", "a text, a number or a truth value");
  }
  auto compact = text.compact();
  if (compact.size() > metadata_bytes_max) value->refuse("", "at most 4 KiB");
  return compact;
}

http::Response list(FilesCall& call) {
  const auto query = server::read_query(call.request);
  const auto text = [&](const char* name) { return std::string(query.line(name).value_or("")); };
  files::FileFilter filter;
  filter.owner = call.owner;
  filter.state = text("state");
  filter.name = text("name");
  filter.sha256 = text("sha256");
  base::Sha256 sha256{};
  if (!filter.sha256.empty() && !base::read_hex(filter.sha256, sha256))
    return file_refusal(400, "malformed", "sha256 must have 64 hexadecimal digits");
  if (const auto reference = text("reference"); !reference.empty()) {
    const auto colon = reference.find(':');
    filter.reference_kind = reference.substr(0, colon);
    if (colon != std::string::npos) filter.reference_key = reference.substr(colon + 1);
  }
  filter.cursor = text("cursor");
  if (!filter.cursor.empty() && !base::is_uuid(filter.cursor))
    return file_refusal(400, "malformed", "cursor must be one that an answer had");
  if (const auto limit = text("limit"); !limit.empty()) {
    const bool is_number = limit.find_first_not_of("0123456789") == std::string::npos;
    filter.limit = is_number && limit.size() < 4 ? std::stoi(limit) : 0;
    if (filter.limit < 1 || filter.limit > files_page_max)
      return file_refusal(400, "malformed", "limit must be from 1 to 100");
  }
  const auto files = files::list_files(call.connection, filter);
  const bool is_full = static_cast<int>(files.size()) == filter.limit;
  return json_answer(200,
                     Json::object({{"files", json::json_array(files, files::file_json)},
                                   {"cursor", is_full ? Json(files.back().id) : Json(nullptr)}}));
}

http::Response show(FilesCall& call) {
  const auto file = file_of_path(call);
  return file ? json_answer(200, files::file_json(*file)) : no_such_file();
}

http::Response change(FilesCall& call) {
  const auto file = file_of_path(call);
  if (!file) return no_such_file();
  const auto document = json::parse(call.request.body, document_format);
  auto name = document.maybe_text("name");
  if (name) name = intake::file_name(*name);
  if (!files::change_file(call.connection, file->id, call.owner, name, metadata_of(document)))
    return no_such_file();
  return json_answer(200, files::file_json(files::find_file(call.connection, file->id).value()));
}

http::Response remove(FilesCall& call) {
  const auto file = file_of_path(call);
  if (!file) return no_such_file();
  const auto outcome = files::delete_file(call.connection, file->id, call.owner, call.caller.name);
  if (outcome == "in_use")
    return file_refusal(409, "in_use", "something refers to the file",
                        "Remove what refers to it first.");
  // An open upload has ended with it, and its bytes are nobody's.
  if (outcome == "ended") call.parts.uploads.discard(call.connection, file->id);
  return outcome == "absent" ? no_such_file() : server::empty_response();
}

http::Response quota(FilesCall& call) {
  const auto quota = files::read_quota(call.connection, call.owner, call.parts.config.files);
  return json_answer(200, Json::object({{"bytes", quota.bytes},
                                        {"bytes_max", quota.bytes_max},
                                        {"files", quota.files},
                                        {"files_max", quota.files_max},
                                        {"blocked", quota.blocked_reason.has_value()}}));
}

http::Response refused_token(const std::string& outcome) {
  if (outcome == "used")
    return file_refusal(409, "token_used", "the token was used for something else",
                        "Upload the files again.");
  if (outcome == "expired")
    return file_refusal(410, "token_expired", "the token's files are gone",
                        "Upload the files again.");
  if (outcome == "not_ready") {
    auto response = file_refusal(409, "not_ready", "a file of the token is not whole yet",
                                 "Try again in a moment.");
    server::set_header(response, "Retry-After", "1");
    return response;
  }
  return file_refusal(404, "not_found", "there is no such token of yours");
}

http::Response spend_token(FilesCall& call) {
  const auto document = json::parse(call.request.body, document_format);
  const auto digest = receive::token_digest(document.text("token"));
  files::Persisted persisted{"unknown", false};
  if (digest) {
    files::Persisting persisting{*digest, call.owner, {}, metadata_of(document), call.caller.name};
    if (const auto reference = document.find("reference"))
      persisting.reference = {reference->text("kind"), reference->text("key")};
    persisted = files::persist(call.connection, persisting);
  }
  call.parts.counters.count("tokens." + persisted.outcome);
  if (persisted.outcome != "good") return refused_token(persisted.outcome);
  return json_answer(
      200, Json::object({{"files", json::json_array(files::files_of_token(call.connection, *digest),
                                                    files::file_json)},
                         {"is_new", persisted.is_new}}));
}

}  // namespace

std::optional<files::File> file_of_path(FilesCall& call) {
  const auto id = files::FileId::parse(call.request.path_values.at(0));
  if (!id) return std::nullopt;
  return files::find_file(call.connection, *id, call.owner);
}

std::vector<FilesRoute> file_row_routes() {
  return {{"GET", "/v1/files", 0, list},
          {"GET", "/v1/files/quota", 0, quota},
          {"POST", "/v1/files/persist", document_bytes_max, spend_token},
          {"GET", "/v1/files/*", 0, show},
          {"PATCH", "/v1/files/*", document_bytes_max, change},
          {"DELETE", "/v1/files/*", 0, remove}};
}

}  // namespace devy::daemon
