#pragma once
// Gists of one user, written into a database as scans store them. Throws what TestDatabase throws.

#include <string>

#include "tests/support/postgres/postgres.hpp"

namespace devy::testing {

// The settings of section [crm] that the storing of a version knows; without a company the CRM is
// told nothing.
struct CrmWish {
  std::string company, mode = "activity", on_edit = "update";
};

// Makes the user, and the function that the others call: once a database. Statements need not name
// the schema from then on.
void track_alice(const TestDatabase& database);
// Stores a file, or its next version; returns the item of its activity, empty where there is none.
// Each first word of a path, "a/b.md", is a gist of alice.
std::string store_gist_file(const TestDatabase& database, const std::string& path,
                            const std::string& text, const CrmWish& wish);
// Stores so many files at once, or their next versions: "text of 7", in ten gists.
void store_gist_files(const TestDatabase& database, int count, const std::string& text,
                      const CrmWish& wish);

}  // namespace devy::testing
