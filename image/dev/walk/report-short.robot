# Another citizen, in English, who stays anonymous.
until attract
tap start
tap language.en
shot consent-english
tap consent.yes
tap kind.aspiration
tap category.lampu
tap category.lampu.padam
type Please put a lamp at the bridge of Kampung Misal.
shot story-english
tap next
tap district.none
type Kampung Misal
tap next
tap when.long
tap next
tap next
tap next
tap identity.anonymous
until review
shot review-english
tap submit
until printed
shot printed-english
tap finish
until thanks
