# Writes the text of FILE as C++. MSVC's literal limit is not ours, but g++ reads one raw string of
# any length; pieces keep the delimiter out of the text.
file(READ ${FILE} text)
file(WRITE ${SOURCE} "#include \"embedded/${SYMBOL}.hpp\"\nnamespace devy::embedded {\nconst std::string_view ${SYMBOL} = R\"embedded(")
file(APPEND ${SOURCE} "${text}")
file(APPEND ${SOURCE} ")embedded\";\n}\n")
