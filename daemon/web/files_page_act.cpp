#include "core/files/receive/batch.hpp"
#include "core/files/receive/depot.hpp"
#include "core/files/store/receive_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/web/audit_store.hpp"
#include "core/platform/web/html/url.hpp"
#include "daemon/serving/sender.hpp"
#include "daemon/web/files_api_content.hpp"
#include "daemon/web/files_form_answer.hpp"
#include "daemon/web/files_pages.hpp"
#include "daemon/web/files_rights.hpp"

// Acts on one file, and its bytes.

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;

[[noreturn]] void refuse_act(std::string cause, std::string hint) {
  throw Error(ErrorKind::conflict, std::move(cause), std::move(hint));
}

void note_file_act(Visit& visit, std::string act, const files::File& file) {
  web::record_act(visit.connection, {.actor = visit.actor(),
                                     .address = sender_of(visit.request).address,
                                     .act = std::move(act),
                                     .target = file.id.text()});
}

http::Response after_act(const Visit& visit, const std::string& done) {
  // A part of a form goes, and nothing comes in its place.
  if (visit.wants_part()) return server::html_response(200, "");
  return server::redirect_response(303, html::own_url({"files"}, {{"done", done}}).text());
}

void persist_batch(Visit& visit, const files::File& file) {
  const auto outcome = file.token_digest
                           ? files::persist(visit.connection, {.token = *file.token_digest,
                                                               .owner = file.owner_id,
                                                               .by = visit.actor()})
                                 .outcome
                           : "expired";
  if (outcome == "not_ready")
    refuse_act("unable to keep the file: others that came with it are not whole yet",
               "Wait until they are.");
  if (outcome == "used")
    refuse_act("unable to keep the file: it was kept for something else", "Load the page again.");
  if (outcome != "good") refuse_act("unable to keep the file: it is gone", "Upload it again.");
}

void delete_seen(Visit& visit, const files::File& file) {
  const auto outcome = files::delete_file(visit.connection, file.id, file.owner_id, visit.actor());
  if (outcome == "in_use")
    refuse_act("unable to delete the file: something uses it", "Remove what uses it first.");
  if (outcome == "absent") throw Error(ErrorKind::not_found, "unable to find that file");
  // The bytes of an open upload are swept on its node.
}

void restore_seen(Visit& visit, const files::File& file) {
  const auto outcome = files::restore_file(visit.connection, file.id, visit.config.files);
  if (outcome == "blocked")
    refuse_act("unable to restore the file: its owner is blocked", "Ask whoever runs this site.");
  if (outcome == "over_bytes" || outcome == "over_files")
    refuse_act("unable to restore the file: there is no room for it in the quota",
               "Delete other files first.");
  if (outcome == "temporary")
    refuse_act("unable to restore the file: it was a temporary one", "Upload it again.");
  if (outcome != "restored") refuse_act("unable to restore the file: it is not deleted", "");
}

// Tells whoever has the batch's token what stands in his form.
http::Response show_chosen(Visit& visit, const files::File& file) {
  const std::string token(visit.form.line("upload_token").value_or(""));
  const auto digest = receive::token_digest(token);
  if (!digest || digest != file.token_digest || !file.is_whole())
    throw Error(ErrorKind::not_found, "unable to find that file");
  return chosen_files({&file, 1}, token);
}

struct FileAct {
  std::string_view name, audited, done;
  void (*act)(Visit& visit, const files::File& file);
};
constexpr FileAct file_acts[] = {{"persist", "file.persist", "kept", persist_batch},
                                 {"delete", "file.delete", "deleted", delete_seen},
                                 {"restore", "file.restore", "restored", restore_seen}};

}  // namespace

std::string_view files_done_text(std::string_view done) {
  if (done == "uploaded") return "The files are uploaded, and kept.";
  if (done == "temporary")
    return "The files are uploaded. They end by themselves unless you keep them.";
  if (done == "kept") return "The file is kept, and what was uploaded with it.";
  if (done == "deleted") return "The file is deleted.";
  if (done == "restored") return "The file is there again.";
  return {};
}

http::Response act_on_file(Visit& visit) {
  const auto file = seen_file(visit);
  const std::string name = visit.request.path_values.at(1);
  if (name == "chosen") return show_chosen(visit, file);
  for (const auto& row : file_acts) {
    if (row.name != name) continue;
    pg::Transaction transaction(visit.connection);
    row.act(visit, file);
    note_file_act(visit, std::string(row.audited), file);
    transaction.commit();
    return after_act(visit, std::string(row.done));
  }
  throw Error(ErrorKind::not_found, "there is no such act");
}

http::Response show_file_content(Visit& visit) {
  const auto file = seen_file(visit);
  if (!file.is_whole() || !file.sha256)
    throw Error(ErrorKind::not_found, "unable to find the bytes of that file");
  const auto disk = receive::open_disk(visit.connection, visit.config.files);
  const auto read = [&]() -> std::optional<files::File> { return seen_file(visit); };
  auto response = content_answer(visit.request, read, *disk,
                                 {.settings = visit.config.files, .is_download = true});
  constexpr int lost = 503;
  return response.status == lost ? form_refusal(FormReader::page, std::move(response)) : response;
}

}  // namespace devy::daemon
