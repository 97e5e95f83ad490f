# Epson TM-T88 V to VII
dots = 576
dpi = 203
cutter = yes
feed = 24
status = yes
confirm = process
native_qr = yes
