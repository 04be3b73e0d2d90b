#include <array>
#include <utility>

#include "core/mirror/records/document.hpp"

namespace devy::records {
namespace {

constexpr std::array file_columns{
    Column{"previous_filename", "previous_filename", Type::text, filename_bytes_max},
    Column{"sha", "sha", Type::text},
    Column{"status", "status", Type::text},
    Column{"additions", "additions", Type::count},
    Column{"deletions", "deletions", Type::count},
    Column{"changes", "changes", Type::count},
    Column{"patch", "patch", Type::text, patch_bytes_max},
};

}  // namespace

void process_pull_request_file(const json::Value& document, const FilePlace& place,
                               const Origin& origin, Records& into) {
  constexpr auto relation = Relation::pull_request_file;
  auto filename = document.if_mended_text("filename");
  if (!filename || filename->empty() || filename->size() > filename_bytes_max)
    refuse_document(relation, document, "filename",
                    "a text of 1 to " + std::to_string(filename_bytes_max) + " bytes");
  Record record{
      .relation = relation, .id = place.pull_request_id, .filename = *std::move(filename)};
  date_by_origin(record, !origin.scope, origin);
  // The row of an earlier head may have the patch, or the former name, that this file has not.
  for (const auto& column : file_columns)
    record.columns.emplace_back(column.name, read_column(document, column));
  set_column(record.columns, "position", place.position);
  into.add(std::move(record));
}

}  // namespace devy::records
