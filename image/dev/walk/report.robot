# A citizen's whole way, from the first touch to the receipt.
until attract
shot attract
tap start
shot language
tap language.id
shot consent
tap consent.yes
shot kind
tap kind.complaint
shot topic
tap category.jalan
shot topic-detail
tap category.jalan.lubang
type Ada lubang besar di depan SD Misal Jaya. Sudah dua minggu. Kemarin ada motor jatuh.
shot story
tap next
shot district
tap district.coblong
shot village
tap village.coblong.dago
type Dekat gerbang sekolah
shot place
tap next
tap when.yesterday
shot when
tap next
shot who
tap next
shot how
tap next
shot identity
tap identity.open
type Sumiati Contoh
shot name
tap next
type 081234567890
shot phone
tap next
shot nik
tap next
type Jalan Misal 12, Coblong
shot address
tap next
until review
shot review
tap submit
until done
shot number
until printed
shot printed
tap finish
until thanks
shot thanks
tap finish
until attract
