#include "daemon/web/publishing_page_upload.hpp"

#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/publishing/store/upload_store.hpp"
#include "daemon/web/operation_head.hpp"
#include "html_names/operation.hpp"

namespace devy::daemon {
namespace {

namespace operation_names = html::operation;

constexpr std::size_t changes_shown = 200, file_errors_shown = 200;
constexpr std::size_t upload_commit_shown = 10;

std::string short_commit(const std::string& commit) {
  return commit.substr(0, upload_commit_shown);
}

void fill_changes(html::Fill& content, const publishing::Upload& upload,
                  const publishing::StoredChangeset& stored) {
  auto& section = content.add(operation_names::changes);
  const auto& changes = stored.changeset.changes;
  section.set(operation_names::changes_title,
              upload.state == queue::State::completed ? "What it changed" : "What it would change");
  html::Sentence text(section, operation_names::changes_text);
  text.text(
      html::number_text(static_cast<std::int64_t>(changes.size())) + " of " +
      html::number_text(static_cast<std::int64_t>(changes.size() + stored.changeset.unchanged)) +
      " files, ");
  if (stored.from_commit) text.code(short_commit(*stored.from_commit)).text(" to ");
  text.code(short_commit(stored.to_commit));
  for (std::size_t n = 0; n < changes.size() && n < changes_shown; ++n) {
    auto& row = section.add(operation_names::change);
    row.set(operation_names::change_word, snapshot::to_string(changes[n].kind));
    html::Sentence file(row, operation_names::change_file);
    if (!changes[n].from.empty()) file.code(changes[n].from).text(" to ");
    file.code(changes[n].path);
  }
  if (changes.size() > changes_shown) {
    auto& row = section.add(operation_names::change);
    row.set(operation_names::change_word, "");
    html::Sentence(row, operation_names::change_file)
        .soft("and " +
              html::number_text(static_cast<std::int64_t>(changes.size() - changes_shown)) +
              " more: devy-upload inspect names all");
  }
}

void fill_file_errors(html::Fill& content, const std::vector<snapshot::FileError>& errors) {
  if (errors.empty()) return;
  auto& section = content.add(operation_names::file_errors);
  section.set(operation_names::file_errors_title,
              errors.size() == 1 ? "1 file could not be read"
                                 : std::to_string(errors.size()) + " files could not be read");
  for (std::size_t n = 0; n < errors.size() && n < file_errors_shown; ++n) {
    auto& row = section.add(operation_names::file_error);
    row.set(operation_names::file_place, errors[n].path + ":" + std::to_string(errors[n].line) +
                                             ":" + std::to_string(errors[n].column));
    row.set(operation_names::file_error_text, errors[n].message);
  }
}

void fill_delivery(html::Fill& content, const Visit& visit, const publishing::Upload& upload) {
  if (!upload.delivery_guid) return;
  html::Facts facts(content.add(operation_names::delivery), operation_names::delivery_facts);
  // Deliveries of all blogs are the operators'.
  if (visit.is_operator())
    facts.add("Guid").code_link(html::own_url({"deliveries", *upload.delivery_guid}),
                                *upload.delivery_guid);
  else facts.add_id("Guid", *upload.delivery_guid);
}

}  // namespace

void fill_upload(html::Fill& content, Visit& visit, const web::OperationDetail& detail) {
  if (detail.line.kind != publishing::upload_kind) return;
  const auto id = base::UploadId::trusted(detail.line.id);
  const auto upload = publishing::load_upload(visit.connection, id);
  if (const auto stored = publishing::load_changeset(visit.connection, id))
    fill_changes(content, upload, *stored);
  fill_file_errors(content, publishing::list_file_errors(visit.connection, upload.blog_id));
  fill_delivery(content, visit, upload);
}

}  // namespace devy::daemon
