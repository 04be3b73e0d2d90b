#pragma once
// Derives slugs and other names from a file's path (content.md, "Slug"). Pure; any thread.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace devy::post {

// Unicode letters and numbers stay (NFC, lower case), runs of everything else become one '-'; '/'
// separates parts, each slugified. Never empty ("post" when nothing is left), at most 200 bytes.
//
// A slug contains no '.' and no invisible character. So no post can take a blog's own addresses
// (feed.xml, sitemap.xml), "..", or a name that differs from another only invisibly, and no list of
// reserved words is needed.
[[nodiscard]] std::string slugify(std::string_view text);

// Converts an old address of a post, as an author writes it in `aliases`, to a slug: from a slug, a
// path or a whole URL; "/2019/Old%20page.html?x#y" gives "2019/old-page". Code that looks up a
// redirect converts the requested path with this function, too. Returns nothing when there is no
// letter or number.
[[nodiscard]] std::optional<std::string> slug_of_address(std::string_view address);

// Derives the slug from a path below the blog's root: without extension and YYYY-MM-DD- prefix;
// `index` gets its folder's name ("index" at the top).
[[nodiscard]] std::string slug_from_path(std::string_view path_under_root);

// Makes a readable title: "2024-01-02-my-first_post.md" → "My first post".
[[nodiscard]] std::string title_from_path(std::string_view path);

// Returns the day in a file name like "2024-01-02-…".
[[nodiscard]] std::optional<std::chrono::sys_days> date_from_path(std::string_view path);

// Matches *.md, *.markdown, *.mdown, *.mkd, *.mkdn and *.mdwn in any case, as GitHub does.
[[nodiscard]] bool is_markdown_path(std::string_view path);

}  // namespace devy::post
