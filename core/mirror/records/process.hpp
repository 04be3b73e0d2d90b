#pragma once
// Turns documents of GitHub, from webhooks, lists and single answers alike, into records: one
// function a table, which reads the document's own members and hands nested documents to their
// functions. Pure: no HTTP, no SQL, no clock.
//
// A member of another type than its column's counts as absent. Texts are cut at the bound of their
// column (column.hpp), at the boundary of a character, since a shortened text is of more use than
// none. U+0000 becomes U+FFFD, as no column accepts it. How deep documents are nested is bounded by
// whoever parses them (json::Format), and 64 is its default.
//
// A document without what names its row throws Error(rejected, "document_invalid") with the path of
// what is missing, and leaves no record. A nested one is counted in Records::skipped() instead, and
// the document around it is read nevertheless.
//
// Times that order documents (Record::github_at): `updated_at`; a repository's `pushed_at` if that
// is later; of labels, files and permissions, which have none, origin.github_at. So too of users:
// nested ones have none, and the `updated_at` of a profile is older than them, so it would always
// lose. Where a table has times and the document has none (the repository of a workflow), the
// record is only added.

#include <cstdint>
#include <string_view>

#include "core/mirror/records/origin.hpp"
#include "core/mirror/records/records.hpp"
#include "core/platform/json/reader.hpp"

namespace devy::records {

// The profile (name, company …) is read from GET /users/… alone: a push calls the login `name`.
void process_user(const json::Value& document, const Origin& origin, Records& into);

void process_repository(const json::Value& document, const Origin& origin, Records& into);

void process_repository_hook(const json::Value& document, const Origin& origin, Records& into);

void process_label(const json::Value& document, const Origin& origin, Records& into);

void process_milestone(const json::Value& document, const Origin& origin, Records& into);

// An issue, which may be that of a pull request, as the lists of issues have them.
void process_issue(const json::Value& document, const Origin& origin, Records& into);

// A document of a list or of a review lacks the details (merged, counts …). One that has them gets
// the column detail_at: the document's own `updated_at`, so that it is behind when it is older than
// github_at. The issue of the pull request is not made of it.
void process_pull_request(const json::Value& document, const Origin& origin, Records& into);

// Where a file stands, which its document does not tell.
struct FilePlace {
  std::int64_t pull_request_id = 0;
  std::int64_t position = 0;  // in the list of the pull request's files, from 0
};
// A file has no time of its own, and its document is always whole: what it lacks is null.
void process_pull_request_file(const json::Value& document, const FilePlace& place,
                               const Origin& origin, Records& into);

void process_issue_comment(const json::Value& document, const Origin& origin, Records& into);

// The `permissions` of a repository's document are those of the user who asked for it.
void process_user_repository(const json::Value& repository, std::int64_t user_id,
                             const Origin& origin, Records& into);
// The answer of …/collaborators/{login}/permission; the repository is origin's.
void process_permission(const json::Value& document, const Origin& origin, Records& into);
// Adds the permissions of a role: none, read, triage, write, maintain, admin, as events of members
// name them. Another name (an organization's own role) says nothing: returns false.
struct Member {
  std::int64_t user_id = 0;
  std::int64_t repository_id = 0;
};
bool add_role(std::string_view role, const Member& member, const Origin& origin, Records& into);

// A process function of a table whose documents need nothing else.
using Process = void (*)(const json::Value&, const Origin&, Records&);

// Passes over those elements that the function throws `document_invalid` at, and returns how many
// they are. Throws it for what is no list.
Skipped process_list(const json::Value& list, Process process, const Origin& origin, Records& into);

}  // namespace devy::records
