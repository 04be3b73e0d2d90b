#pragma once
// Repositories of made-up posts, the same on every run: prose, headings, lists, code, tables, links
// and footnotes in about the mix that real blogs have (traps.md, "rendering").

#include <string>

namespace devy::bench {

// A bare repository at `path` with `posts` Markdown files on `main`, made through git fast-import.
void make_blog(const std::string& path, int posts);
// One more commit that edits one post; returns its id.
std::string push_one_edit(const std::string& path, int number);
// A copy of a repository: a bare one whose branch `main` is the source's HEAD.
void copy_repository(const std::string& source, const std::string& path);
// Writes every Markdown file of HEAD below `folder`; returns how many.
int export_markdown(const std::string& path, const std::string& folder);

}  // namespace devy::bench
