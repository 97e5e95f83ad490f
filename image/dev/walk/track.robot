# Somebody who holds a receipt and has no phone.
until attract
tap track
type CODE
shot track-code
tap track.ask
until answered
shot track-result
tap finish
until attract
