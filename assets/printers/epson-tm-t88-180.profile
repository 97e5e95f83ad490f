# Epson TM-T88 III and IV: 180 dots an inch
dots = 512
dpi = 180
cutter = yes
feed = 24
status = yes
confirm = process
native_qr = yes
