# A citizen on the way to the story, and a story of a few sentences.
tap start
tap language.id
tap consent.yes
tap kind.complaint
tap category.jalan
tap category.jalan.lubang
until story
type Ada lubang besar di depan SD Misal Jaya. Sudah dua minggu. Kemarin ada motor jatuh.
